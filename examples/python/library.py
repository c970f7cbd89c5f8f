"""The classes of `quickstart`: plain Python, which knows nothing of Rust."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Dict, Optional


class Genre(Enum):
    SCIENCE = 'science'
    FICTION = 'fiction'


@dataclass
class Author:
    name: str
    born: Optional[int] = None


@dataclass
class Book:
    title: str
    author: Author
    genre: Genre
    isbn: Optional[str] = None
    ratings: Dict[str, int] = field(default_factory=dict)
