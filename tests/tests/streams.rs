//! Pickles one after the other: in readers, writers, sockets, with and without a common memo.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;

use pickle_core::{Error, ErrorKind, MemoPolicy, Pickler, Reduce, Unpickler, dump, dumps, load};
use pickle_tests::geometry::{Line, Point};
use pickle_tests::python::{Judge, interpreters};

fn point(x: f64) -> Point {
    Point { x, y: -x }
}

/// A pickle of everything that a reader reads in a way of its own: lines, counts, frames.
fn pickles() -> Vec<Vec<u8>> {
    let mut pickles = Vec::new();
    for protocol in 0..=5 {
        for policy in [MemoPolicy::Shared, MemoPolicy::All] {
            let mut bytes = Vec::new();
            let long = "é\n.".repeat(30_000);
            Pickler::new(&mut bytes)
                .protocol(protocol)
                .memo(policy)
                .dump(&(point(1.0), vec![i64::MAX, 0, -1], long, b".\n\0".to_vec()))
                .unwrap();
            pickles.push(bytes);
        }
    }
    pickles
}

type Loaded = (Point, Vec<i64>, String, Vec<u8>);

fn assert_loaded((point_, numbers, text, bytes): &Loaded) {
    assert_eq!(*point_, point(1.0));
    assert_eq!(*numbers, [i64::MAX, 0, -1]);
    assert_eq!(text.len(), 4 * 30_000);
    assert_eq!(bytes, b".\n\0");
}

/// Hands out one byte at a time, and is interrupted before each.
struct Drip<R> {
    inner: R,
    interrupted: bool,
    byte: [u8; 1],
    filled: bool,
}

impl<R: Read> Drip<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            interrupted: false,
            byte: [0],
            filled: false,
        }
    }
}

impl<R: Read> Read for Drip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Drip<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.filled {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.inner.read(&mut self.byte)? == 0 {
                return Ok(&[]);
            }
            self.filled = true;
        }
        Ok(&self.byte)
    }

    fn consume(&mut self, count: usize) {
        self.filled &= count == 0;
    }
}

#[test]
fn a_reader_is_left_right_behind_stop() {
    for pickle in pickles() {
        let mut input = pickle.clone();
        input.extend(b"next");
        let mut cursor = Cursor::new(&input);
        assert_loaded(&load(&mut cursor).unwrap());
        assert_eq!(cursor.position(), pickle.len() as u64);

        let mut slice = &input[..];
        assert_loaded(&Unpickler::new().load(&mut slice).unwrap());
        assert_eq!(slice, b"next");

        for capacity in [1, 7, 4096] {
            let mut reader = BufReader::with_capacity(capacity, &input[..]);
            assert_loaded(&load(&mut reader).unwrap());
            let mut rest = String::new();
            reader.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, "next");
        }
    }
}

#[test]
fn a_reader_may_be_interrupted_before_each_byte() {
    let mut input = dumps(&point(1.0)).unwrap();
    input.extend(dumps(&point(2.0)).unwrap());
    input.push(7);
    let mut drip = Drip::new(&input[..]);
    assert_eq!(load::<Point>(&mut drip).unwrap(), point(1.0));
    assert_eq!(load::<Point>(&mut drip).unwrap(), point(2.0));
    let mut rest = Vec::new();
    drip.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, [7]);

    let mut stream = Unpickler::new().stream(Drip::new(&input[..input.len() - 1]));
    assert_eq!(stream.load::<Point>().unwrap(), Some(point(1.0)));
    assert_eq!(stream.load::<Point>().unwrap(), Some(point(2.0)));
    assert_eq!(stream.load::<Point>().unwrap(), None);
}

#[test]
fn a_socket_is_asked_for_no_more_than_the_pickle() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let writer = std::thread::spawn(move || {
        let mut socket = TcpStream::connect(address).unwrap();
        let mut answers = BufReader::new(socket.try_clone().unwrap());
        for pickle in pickles() {
            socket.write_all(&pickle).unwrap();
            // The other side would wait for ever if it wanted one byte more than there is.
            assert_loaded(&load(&mut answers).unwrap());
        }
    });
    let (socket, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    let mut back = socket;
    for pickle in pickles() {
        let loaded: Loaded = load(&mut reader).unwrap();
        assert_loaded(&loaded);
        back.write_all(&pickle).unwrap();
    }
    writer.join().unwrap();
    assert!(matches!(
        load::<Loaded>(&mut reader).unwrap_err().kind(),
        ErrorKind::Eof
    ));
}

#[test]
fn an_iterator_yields_a_graph_for_each_pickle() {
    let mut file = Vec::new();
    for number in 0..5 {
        dump(&number, &mut file).unwrap();
    }
    let numbers = Unpickler::new()
        .stream(&file[..])
        .map(|graph| graph?.construct::<i32>());
    let numbers: Result<Vec<_>, Error> = numbers.collect();
    assert_eq!(numbers.unwrap(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_stream_ends_where_a_pickle_is_broken() {
    let mut file = dumps(&1).unwrap();
    file.extend(dumps("a").unwrap());
    file.extend(dumps(&2).unwrap());
    let start = file.len();
    file.extend(b"K");
    let mut stream = Unpickler::new().stream(&file[..]);
    assert_eq!(stream.load::<i32>().unwrap(), Some(1));
    // What is wrong with the type leaves the reader behind the pickle.
    let error = stream.load::<i32>().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WrongType { .. }),
        "{error}"
    );
    assert_eq!(stream.load::<i32>().unwrap(), Some(2));
    let error = stream.load::<i32>().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Truncated { .. }),
        "{error}"
    );
    assert_eq!(stream.load::<i32>().unwrap(), None);
    assert!(stream.next().is_none());

    for end in 1..start {
        let results: Vec<_> = Unpickler::new().stream(&file[..end]).collect();
        let (last, others) = results.split_last().expect("there is a byte");
        assert!(others.iter().all(Result::is_ok));
        let whole = [dumps(&1).unwrap().len(), start - dumps(&2).unwrap().len()];
        assert_eq!(last.is_ok(), whole.contains(&end), "{end}: {last:?}");
    }
}

/// Fails after some bytes, with an error of its own.
struct Failing {
    left: usize,
}

#[derive(Debug)]
struct DiskFull;

impl std::fmt::Display for DiskFull {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the disk is full")
    }
}

impl std::error::Error for DiskFull {}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::StorageFull, DiskFull));
        }
        let count = bytes.len().min(self.left);
        self.left -= count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::StorageFull, DiskFull))
    }
}

fn assert_is_disk_full(error: &Error) {
    assert_eq!(*error.kind(), ErrorKind::Io(io::ErrorKind::StorageFull));
    let source = std::error::Error::source(error).expect("it has a source");
    let source = source.downcast_ref::<io::Error>().expect("of I/O");
    let inner = source.get_ref().expect("it has an error inside");
    assert!(inner.is::<DiskFull>());
    assert!(!error.to_string().contains("disk"), "{error}");
}

#[test]
fn errors_of_reader_and_writer_are_sources() {
    let value = (point(1.0), "x".repeat(200_000), vec![1u8; 200_000]);
    for protocol in 0..=5 {
        for left in [0, 1, 10, 70_000, 300_000] {
            let mut sink = Failing { left };
            let mut pickler = Pickler::new(&mut sink).protocol(protocol);
            assert_is_disk_full(&pickler.dump(&value).unwrap_err());
        }
    }
    assert_is_disk_full(&dump(&value, &mut Failing { left: 5 }).unwrap_err());
    let start = &dumps(&value).unwrap()[..100];
    let mut reader = BufReader::new(start.chain(Failing { left: 0 }));
    assert_is_disk_full(&load::<Loaded>(&mut reader).unwrap_err());
    let mut stream = Unpickler::new().stream(BufReader::new(Failing { left: 0 }));
    assert_is_disk_full(&stream.load::<Loaded>().unwrap_err());
}

#[test]
fn a_failed_dump_writes_nothing_of_what_it_could_not() {
    let locked = RefCell::new(1);
    let mut file = Vec::new();
    let mut pickler = Pickler::new(&mut file);
    let shared = Rc::new("shared".to_owned());
    pickler.dump(&shared).unwrap();
    let guard = locked.borrow_mut();
    let error = pickler.dump(&(&shared, &locked)).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Locked("RefCell")),
        "{error}"
    );
    drop(guard);
    // Nothing refers to what only the failed pickle had.
    pickler.dump(&(&shared, &locked)).unwrap();
    let mut reader = &file[..];
    assert_eq!(load::<String>(&mut reader).unwrap(), "shared");
    let second: (String, i32) = load(&mut reader).unwrap();
    assert_eq!(second, ("shared".to_owned(), 1));
    assert!(reader.is_empty());
}

/// Three pickles of one line, its end, and both, that refer to each other.
fn dump_together(protocol: u8, policy: MemoPolicy) -> Vec<u8> {
    let end = Rc::new(point(1.0));
    let line = Rc::new(Line {
        start: Rc::new(point(0.0)),
        end: Rc::clone(&end),
    });
    let mut file = Vec::new();
    let mut pickler = Pickler::new(&mut file).protocol(protocol).memo(policy);
    pickler.dump(&line).unwrap();
    pickler.dump(&end).unwrap();
    pickler.dump(&(&end, &line)).unwrap();
    pickler.clear_memo();
    pickler.dump(&*end).unwrap();
    file
}

/// The stream of each protocol has the same objects in it, however often they are referred to.
fn assert_together(file: &[u8]) {
    let graphs: Vec<_> = Unpickler::new()
        .stream(file)
        .shared_memo()
        .collect::<Result<_, _>>()
        .unwrap();
    let [line, end, both, ..] = &graphs[..] else {
        panic!("{} pickles", graphs.len())
    };
    assert_eq!(line.construct::<Line>().unwrap().end, Rc::new(point(1.0)));
    assert_eq!(end.construct::<Point>().unwrap(), point(1.0));
    let (end, line): (Rc<Point>, Rc<Line>) = both.construct().unwrap();
    assert!(Rc::ptr_eq(&line.end, &end));
}

#[test]
fn pickles_with_a_common_memo_refer_to_each_other() {
    for protocol in 0..=5 {
        for policy in [MemoPolicy::Shared, MemoPolicy::All] {
            let file = dump_together(protocol, policy);
            assert_together(&file);
            // One without the others has lost them.
            let mut stream = Unpickler::new().stream(&file[..]);
            assert!(stream.load::<Line>().is_ok());
            let error = stream.load::<Point>().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::MemoMiss(_)), "{error}");
        }
    }
}

#[test]
fn graphs_of_a_common_memo_outlive_the_next() {
    let file = dump_together(4, MemoPolicy::Shared);
    let mut stream = Unpickler::new().stream(&file[..]).shared_memo();
    let first = stream.next().unwrap().unwrap();
    let second = stream.next().unwrap().unwrap();
    assert_eq!(second.construct::<Point>().unwrap(), point(1.0));
    assert_eq!(first.construct::<Line>().unwrap().end, Rc::new(point(1.0)));
    drop(first);
    let (end, line): (Rc<Point>, Rc<Line>) = stream.load().unwrap().unwrap();
    assert!(Rc::ptr_eq(&line.end, &end));
    assert_eq!(stream.load::<Point>().unwrap(), Some(point(1.0)));
    assert_eq!(stream.load::<Point>().unwrap(), None);
}

#[test]
fn errors_in_a_common_memo_tell_offsets_of_the_whole_stream() {
    let file = dump_together(4, MemoPolicy::Shared);
    let mut stream = Unpickler::new().stream(&file[..]).shared_memo();
    stream.next().unwrap().unwrap();
    let error = stream.load::<i32>().unwrap_err();
    // The object itself stands in the first pickle.
    let first = load_len(&file);
    assert!(
        error.offset().is_some_and(|offset| offset < first),
        "{error}"
    );
}

fn load_len(file: &[u8]) -> u64 {
    let mut cursor = Cursor::new(file);
    load::<Line>(&mut cursor).unwrap();
    cursor.position()
}

/// A Python expression for the bytes of one `Pickler` with several dumps.
fn one_pickler(protocol: u8) -> String {
    format!(
        "(lambda io, pickle, file, end: (lambda line, pickler: \
         (pickler.dump(line), pickler.dump(end), pickler.dump((end, line)), \
         bytearray(file.getvalue()))[3])(geometry.Line(geometry.Point(0.0, 0.0), end), \
         pickle.Pickler(file, {protocol})))\
         (__import__('io'), __import__('pickle'), __import__('io').BytesIO(), \
         geometry.Point(1.0, -1.0))"
    )
}

/// A Python expression that loads all of `obj`, the bytes of a stream, with one `Unpickler`.
const ONE_UNPICKLER: &str = "(lambda u: (lambda line, end, both, last: line.end is end \
    and both[0] is end and both[1] is line and last is not end and last == end \
    and line.end == geometry.Point(1.0, -1.0))(u.load(), u.load(), u.load(), u.load()))\
    (__import__('pickle').Unpickler(__import__('io').BytesIO(bytes(obj))))";

#[test]
fn each_python_exchanges_streams_of_one_pickler() {
    for (version, program) in interpreters() {
        let judge = Judge::start(version, &program);
        for protocol in 0..=version.highest_protocol() {
            let file = judge.eval(&one_pickler(protocol), protocol).unwrap();
            let file: pickle_core::ByteArray = pickle_core::loads(&file).unwrap();
            assert_together(&file.0);
            for policy in [MemoPolicy::Shared, MemoPolicy::All] {
                let file = pickle_core::ByteArray(dump_together(protocol, policy));
                let holds = judge.check(&dumps_in(2, &file), ONE_UNPICKLER);
                assert_eq!(holds, Ok(true), "{version} in protocol {protocol}");
            }
        }
    }
}

fn dumps_in<T: Reduce>(protocol: u8, value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol);
    pickler.dump(value).unwrap();
    bytes
}
