"""The classes of `blob_store`, and Python's side of its database: images stay there, pickles hold
their ids."""
import io
import pickle
import sqlite3
from dataclasses import dataclass
from typing import List


@dataclass
class Image:
    name: str
    pixels: bytes


@dataclass
class Photo:
    caption: str
    image: Image


@dataclass
class Album:
    title: str
    cover: Image
    photos: List[Photo]


class Store:
    def __init__(self, path):
        self.database = sqlite3.connect(path)

    def dumps(self, obj):
        file = io.BytesIO()
        AlbumPickler(file, self.database).dump(obj)
        self.database.commit()
        return file.getvalue()

    def loads(self, data):
        return AlbumUnpickler(io.BytesIO(data), self.database).load()


class AlbumPickler(pickle.Pickler):
    def __init__(self, file, database):
        super().__init__(file, 4)
        self.database = database

    def persistent_id(self, obj):
        if not isinstance(obj, Image):
            return None
        self.database.execute('INSERT OR REPLACE INTO images VALUES (?, ?)', (obj.name, obj.pixels))
        return 'images', obj.name


class AlbumUnpickler(pickle.Unpickler):
    def __init__(self, file, database):
        super().__init__(file)
        self.database = database
        self.loaded = {}

    def persistent_load(self, pid):
        table, name = pid
        if table != 'images':
            raise pickle.UnpicklingError('no table %r' % table)
        if name not in self.loaded:
            query = 'SELECT pixels FROM images WHERE name = ?'
            pixels, = self.database.execute(query, (name,)).fetchone()
            self.loaded[name] = Image(name, pixels)
        return self.loaded[name]
