//! A live database connection: what is pickled is where the database is, and loading reconnects.
//!
//! In Python, pickling the object fails as its connection cannot be pickled, until
//! `copyreg.pickle(DatabaseConnection, reducer)` registers a function that returns
//! `(expander, (conn.db_path,))`. Here `#[derive(Reduce)]` alone doesn't compile, as the type of a
//! field is not `Reduce`; with `registered` on the field it fails when it is dumped, as in Python;
//! and with a reducer, the fields are not looked at.

use std::error::Error;
use std::fmt;
use std::fs;
use std::path::Path;

use pickle_core::{Reduce, Reduction, dumps, loads};
use pickle_examples::{Python, TemporaryFolder};
use rusqlite::{Connection, OpenFlags};

#[derive(Reduce)]
#[reduce(module = "database", with = reducer)]
struct DatabaseConnection {
    db_path: String,
    connection: Connection,
}

impl DatabaseConnection {
    fn open(db_path: String) -> rusqlite::Result<Self> {
        println!("Connecting to {}...", name(&db_path));
        // Not SQLITE_OPEN_CREATE: a database that is gone is an error.
        let connection = Connection::open_with_flags(&db_path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(DatabaseConnection {
            db_path,
            connection,
        })
    }

    fn get_num_lines(&self) -> rusqlite::Result<u32> {
        self.connection
            .query_row("SELECT count(*) FROM lines", (), |row| row.get(0))
    }
}

impl Drop for DatabaseConnection {
    fn drop(&mut self) {
        println!("Closing connection to {}", name(&self.db_path));
    }
}

/// Python: `return (expander, (conn.db_path,))`.
fn reducer(conn: &DatabaseConnection) -> Reduction<'_> {
    println!("reducing");
    Reduction::new(expander, (&conn.db_path,))
}

#[pickle_core::constructor(module = "database")]
fn expander(db_path: String) -> rusqlite::Result<DatabaseConnection> {
    println!("Reconstructing...");
    DatabaseConnection::open(db_path)
}

/// The same without a reducer: its attributes are pickled one by one.
#[derive(Reduce)]
#[reduce(module = "database", name = "DatabaseConnection", no_register)]
struct WithoutReducer {
    db_path: String,
    #[reduce(registered)] // or else it doesn't compile
    connection: Connection,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = TemporaryFolder::create("database")?;
    let db_path = folder.file("dummy.db")?;
    let connection = Connection::open(&db_path)?;
    connection.execute_batch(
        "CREATE TABLE lines (line TEXT);
         INSERT INTO lines VALUES ('import copyreg'), ('import pickle'), ('')",
    )?;

    let without = WithoutReducer {
        db_path: db_path.clone(),
        connection,
    };
    match dumps(&without) {
        Ok(_) => println!("dumped, of all things"),
        Err(error) => println!("error: {error}"),
    }
    drop(without);

    let db = DatabaseConnection::open(db_path.clone())?;
    let pickle = dumps(&db)?;
    drop(db);

    let db: DatabaseConnection = loads(&pickle)?;
    println!("{} lines", db.get_num_lines()?);

    if let Some(python) = Python::find() {
        let dumped = folder.file("connection.pickle")?;
        let code = format!("dumped = {dumped:?}\n{RECONNECT}");
        python.show(&code, &pickle)?;
        println!("{} lines here", db.get_num_lines()?);

        println!("From what it dumped:");
        let db: DatabaseConnection = loads(&fs::read(dumped)?)?;
        println!("{} lines", db.get_num_lines()?);
    }

    // The constructor may fail. Its own error is the source of the one that `loads` returns.
    drop(db);
    fs::remove_file(&db_path)?;
    if let Err(error) = loads::<DatabaseConnection>(&pickle) {
        let source = error.source().and_then(|source| source.downcast_ref());
        let code = source.and_then(rusqlite::Error::sqlite_error_code);
        println!("error of SQLite: {code:?}");
    }
    Ok(())
}

fn name(path: &str) -> impl fmt::Display {
    Path::new(path).file_name().unwrap_or_default().display()
}

const RECONNECT: &str = "
import pickle, sys
db = pickle.load(sys.stdin.buffer)
db.connection.execute('INSERT INTO lines VALUES (?)', ('from Python',))
db.connection.commit()
print(db.get_num_lines(), 'lines')
with open(dumped, 'wb') as file:
    pickle.dump(db, file)
del db
";
