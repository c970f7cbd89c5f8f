"""Durations, by functions that are declared constructors: what `valid_constructor` exchanges."""
import copyreg
from datetime import timedelta


def duration(hours, minutes=0, seconds=0):
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def days(days):
    return timedelta(days)


def reduce_duration(time):
    minutes, seconds = divmod(time.days * 24 * 60 * 60 + time.seconds, 60)
    return duration, divmod(minutes, 60) + (seconds,)


copyreg.constructor(duration)
copyreg.constructor(days)
copyreg.pickle(timedelta, reduce_duration)
