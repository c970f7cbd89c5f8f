"""The class of `database_connection`, with its reducer."""
import copyreg
import os
import sqlite3


class DatabaseConnection:
    def __init__(self, db_path):
        self.db_path = db_path
        print('Connecting to %s...' % os.path.basename(self.db_path))
        self.connection = sqlite3.connect(self.db_path)

    def get_num_lines(self):
        return self.connection.execute('SELECT count(*) FROM lines').fetchone()[0]

    def __del__(self):
        print('Closing connection to %s' % os.path.basename(self.db_path))
        self.connection.close()


def reducer(conn):
    print('reducing')
    return expander, (conn.db_path,)


def expander(db_path):
    print('Reconstructing...')
    return DatabaseConnection(db_path)


copyreg.pickle(DatabaseConnection, reducer)
