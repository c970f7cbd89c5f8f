//! W6: bytes, in the pickle and beside it.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use pickle_core::{PickleBuffer, Pickler, Unpickler};
use serde_bytes::{ByteBuf, Bytes};

use crate::contest::{CPYTHON, Contest, Line, time, time_each};
use crate::format::{Bincode, Format, PickleCore, Postcard, RmpSerde};
use crate::python::{Mode, Origin, Task};

/// What is done without a copy is done so many times, to be long enough for the clock.
const TIMES: u32 = 1000;

pub(super) fn enter(contest: &mut Contest) {
    contest.elements = 1;
    contest.contained = 1;
    let mut random = fastrand::Rng::with_seed(6);
    let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
        .take(contest.size)
        .collect();
    in_band(contest, &Rc::new(bytes.clone()));
    reused(contest, &Rc::new(ByteBuf::from(bytes.clone())));
    borrowed(contest, &bytes);
    out_of_band(contest, &bytes);
}

fn in_band(contest: &mut Contest, bytes: &Rc<Vec<u8>>) {
    let ours = PickleCore::dump(&**bytes);
    contest.race_python(bytes, 1);
    let byte_buf = Rc::new(ByteBuf::from(bytes.to_vec()));
    contest.race_serde(&byte_buf, 1);
    contest.race_derived(bytes, 1);
    contest.race_floors(bytes, Vec::clone, &ours);
}

/// Dumping into a buffer that was used before: no pages are new.
fn reused(contest: &mut Contest, bytes: &Rc<ByteBuf>) {
    type Write = fn(&ByteBuf, &mut Vec<u8>);
    let contestants: [(&str, Write); 7] = [
        ("pickle-core, reused", |bytes, buffer| {
            Pickler::new(buffer).dump(bytes.as_slice()).expect(WRITES);
        }),
        ("serde-pickle, reused", |bytes, buffer| {
            serde_pickle::to_writer(buffer, bytes, serde_pickle::SerOptions::new()).expect(WRITES);
        }),
        ("pickled, reused", |bytes, buffer| {
            pickled::to_writer(buffer, bytes, pickled::SerOptions::new()).expect(WRITES);
        }),
        ("rmp-serde, reused", |bytes, buffer| {
            rmp_serde::encode::write(buffer, bytes).expect(WRITES);
        }),
        ("postcard, reused", |bytes, buffer| {
            postcard::to_io(bytes, buffer).expect(WRITES);
        }),
        ("serde_json, reused", |bytes, buffer| {
            serde_json::to_writer(buffer, bytes).expect(WRITES);
        }),
        ("memcpy, reused", |bytes, buffer| {
            buffer.extend_from_slice(bytes);
        }),
    ];
    for (name, write) in contestants {
        if !contest.wants(name) {
            continue;
        }
        let mut buffer = Vec::new();
        write(bytes, &mut buffer);
        let len = buffer.len();
        let (bytes, buffer) = (Rc::clone(bytes), std::cell::RefCell::new(buffer));
        let line = Line::of_size(name, len).event("reused").dump(move || {
            let buffer = &mut *buffer.borrow_mut();
            time(|| {
                buffer.clear();
                write(black_box(&bytes), buffer);
            })
        });
        contest.enter(line);
    }
}

const WRITES: &str = "a vector takes all that is written";

/// Loading without a copy, from the input.
fn borrowed(contest: &mut Contest, bytes: &[u8]) {
    type Load = for<'a> fn(&'a [u8]) -> Option<&'a [u8]>;
    fn through_serde(bytes: &Bytes) -> &[u8] {
        bytes
    }
    let byte_buf = ByteBuf::from(bytes);
    let contestants: [(&str, Vec<u8>, Load); 4] = [
        (
            "pickle-core &[u8]",
            PickleCore::dump(&bytes.to_vec()),
            |bytes| pickle_core::loads(bytes).ok(),
        ),
        ("rmp-serde &[u8]", RmpSerde::dump(&byte_buf), |bytes| {
            rmp_serde::from_slice(bytes).ok().map(through_serde)
        }),
        ("postcard &[u8]", Postcard::dump(&byte_buf), |bytes| {
            postcard::from_bytes(bytes).ok().map(through_serde)
        }),
        ("bincode &[u8]", Bincode::dump(&bytes.to_vec()), |bytes| {
            let config = bincode::config::standard();
            bincode::borrow_decode_from_slice(bytes, config)
                .ok()
                .map(|(bytes, _)| bytes)
        }),
    ];
    for (name, dumped, load) in contestants {
        assert!(load(&dumped) == Some(bytes), "{name} changes the value");
        contest.enter(
            Line::new(name, dumped)
                .event("borrowed")
                .load(move |bytes| time_each(TIMES, || load(black_box(bytes)))),
        );
    }
}

/// The pickle says only that there are bytes.
fn out_of_band(contest: &mut Contest, bytes: &[u8]) {
    python_out_of_band(contest, bytes);
    let shared: Arc<[u8]> = bytes.into();
    let (pickle, buffers) = dump_out_of_band(&shared);
    let loaded = load_out_of_band(&pickle, &buffers);
    assert!(Arc::ptr_eq(&shared, &loaded), "the bytes were copied");
    contest.enter(
        Line::new("pickle-core, out of band", pickle)
            .event("out of band")
            .dump(move || time_each(TIMES, || dump_out_of_band(black_box(&shared))))
            .load(move |pickle| time_each(TIMES, || load_out_of_band(black_box(pickle), &buffers))),
    );
}

fn dump_out_of_band(bytes: &Arc<[u8]>) -> (Vec<u8>, Vec<PickleBuffer<'static>>) {
    let (mut pickle, mut buffers) = (Vec::new(), Vec::new());
    let dumped = Pickler::new(&mut pickle)
        .protocol(5)
        .buffer_callback(&mut |buffer| {
            buffers.push(buffer.into_owned());
            Ok(false)
        })
        .dump(&PickleBuffer::shared(Arc::clone(bytes)));
    dumped.expect(WRITES);
    (pickle, buffers)
}

fn load_out_of_band(pickle: &[u8], buffers: &[PickleBuffer<'static>]) -> Arc<[u8]> {
    let unpickler = Unpickler::new().buffers(buffers.iter().cloned());
    unpickler
        .loads(pickle)
        .expect("the pickle needs this one buffer")
}

fn python_out_of_band(contest: &mut Contest, bytes: &[u8]) {
    let Some(python) = &contest.python else {
        return;
    };
    let ours = PickleCore::dump(&bytes.to_vec());
    let task = Task::new(python, &ours, Mode::OutOfBand).expect("CPython loads bytes");
    let theirs = task.dump().expect("CPython dumps a buffer");
    let task = Rc::new(task);
    let loader = Rc::clone(&task);
    contest.enter(
        Line::new(format!("{CPYTHON}, out of band"), theirs)
            .event("out of band")
            .dump(move || task.time_dump(TIMES as usize) / TIMES)
            .load(move |_| loader.time_load(Origin::Own, TIMES as usize) / TIMES),
    );
}
