"""CPython's side of the benchmarks: answers questions about pickles on standard input.

A question is a line of words, the last of which is the length of the bytes that follow it. An
answer is a line too: "ok" or "no", the length of the bytes that follow, and a text.
"""

import enum
import gc
import json
import pickle
import sys
import time
import types
from dataclasses import dataclass

PROTOCOL = 5

NAME = "pickle_benches"


def same_names():
    """The classes that the types of the Rust side are."""

    @dataclass
    class Point:
        x: float
        y: float

    @dataclass
    class Address:
        street: str
        city: str
        zip: int

    class Status(enum.Enum):
        ACTIVE = "active"
        BLOCKED = "blocked"
        DELETED = "deleted"

    @dataclass
    class Record:
        id: int
        parent: int
        balance: float
        ratio: float
        name: str
        email: str
        note: object
        tags: list
        scores: dict
        address: Address
        status: Status
        active: bool

    @dataclass
    class Circle:
        x: float
        y: float
        radius: float

    @dataclass
    class Rectangle:
        x: float
        y: float
        width: float
        height: float

    @dataclass
    class Label:
        text: str
        size: int

    @dataclass
    class Path:
        id: int
        closed: bool

    @dataclass(eq=False)
    class Node:
        id: int
        children: list

    @dataclass(eq=False)
    class Link:
        value: int
        next: object

    @dataclass
    class Small:
        id: int
        name: str
        score: float
        active: bool

    return list(locals().values())


def define():
    module = types.ModuleType(NAME)
    for cls in same_names():
        cls.__module__ = NAME
        cls.__qualname__ = cls.__name__
        setattr(module, cls.__name__, cls)
    sys.modules[NAME] = module


class Task:
    """A value, with the pickle that it was loaded from and the one that it was dumped as."""

    def __init__(self, mode, ours):
        self.ours = ours
        self.own = None
        self.value = json.loads(ours) if mode == "json" else pickle.loads(ours)
        self.out_of_band = mode == "out_of_band"
        self.buffers = []
        if self.out_of_band:
            self.value = pickle.PickleBuffer(self.value)

    def dump(self):
        if self.out_of_band:
            self.buffers = []
            return pickle.dumps(self.value, PROTOCOL, buffer_callback=self.buffers.append)
        return pickle.dumps(self.value, PROTOCOL)

    def time_dump(self, times):
        value, dumps = self.value, pickle.dumps
        if self.out_of_band:
            return timed(self.dump, times)
        return timed(lambda: dumps(value, PROTOCOL), times)

    def time_load(self, origin, times):
        data, loads = self.own if origin == "own" else self.ours, pickle.loads
        buffers = self.buffers
        if self.out_of_band:
            return timed(lambda: loads(data, buffers=buffers), times)
        return timed(lambda: loads(data), times)


def timed(work, times):
    """Nanoseconds. Dropping the result takes part only if it is done many times."""
    if times == 1:
        start = time.perf_counter_ns()
        result = work()
        took = time.perf_counter_ns() - start
        del result
        return took
    start = time.perf_counter_ns()
    for _ in range(times):
        work()
    return time.perf_counter_ns() - start


def answer(tasks, verb, words, payload):
    if verb == "take":
        number, mode = words
        tasks[number] = Task(mode, payload)
        return "", b""
    if verb == "forget":
        tasks.pop(words[0], None)
        return "", b""
    task = tasks[words[0]]
    if verb == "give":
        task.ours = payload
        return "", b""
    if verb == "dump":
        task.own = task.dump()
        return "", task.own
    if verb == "time_dump":
        return str(task.time_dump(int(words[1]))), b""
    if verb == "time_load":
        return str(task.time_load(words[1], int(words[2]))), b""
    raise ValueError(verb)


def main():
    gc.disable()
    define()
    tasks = {}
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    for line in stdin:
        verb, *words, length = line.decode().split()
        payload = stdin.read(int(length))
        if verb == "quit":
            return
        try:
            text, data = answer(tasks, verb, words, payload)
            verdict = "ok"
        except Exception as error:
            verdict, data = "no", b""
            text = "%s: %s" % (type(error).__name__, str(error).partition("\n")[0])
        stdout.write(b"%s %d %s\n" % (verdict.encode(), len(data), text.encode()))
        stdout.write(data)
        stdout.flush()


main()
