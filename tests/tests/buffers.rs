//! Out-of-band buffers (PEP 574): what is written, what a callback is handed, and what is loaded
//! without a copy.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use pickle_core::wire::Wire;
use pickle_core::{
    ByteArray, Error, ErrorKind, Graph, Limits, MemoPolicy, PickleBuffer, Pickler, Reduce,
    Reduction, Result, Unpickler, Value, View, loads,
};

fn dump<T: Reduce + ?Sized>(value: &T, policy: MemoPolicy) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(5).memo(policy);
    pickler.dump(value)?;
    Ok(bytes)
}

/// What is dumped with a callback that answers in turn, and the buffers it was handed.
fn hand_over<T: Reduce + ?Sized>(
    value: &T,
    in_band: &[bool],
) -> Result<(Vec<u8>, Vec<PickleBuffer<'static>>)> {
    let (mut bytes, mut buffers, mut answers) = (Vec::new(), Vec::new(), in_band.iter());
    Pickler::new(&mut bytes)
        .protocol(5)
        .buffer_callback(&mut |buffer| {
            buffers.push(buffer.into_owned());
            Ok(*answers.next().expect("no more buffers than answers"))
        })
        .dump(value)?;
    Ok((bytes, buffers))
}

fn body(pickle: &[u8]) -> &[u8] {
    let pickle = pickle.strip_prefix(b"\x80\x05").unwrap();
    match pickle {
        [0x95, rest @ ..] => &rest[8..],
        _ => pickle,
    }
}

const POLICIES: [MemoPolicy; 2] = [MemoPolicy::Shared, MemoPolicy::All];

/// Loads the buffer that a pickle of one NEXT_BUFFER refers to.
fn only(buffer: PickleBuffer<'_>) -> Unpickler<'_> {
    Unpickler::new().buffers([buffer])
}
const NEXT: &[u8] = b"\x80\x05\x97.";

#[test]
fn a_buffer_is_bytes_that_are_writable_or_not() {
    let vec = b"spam".to_vec();
    for (buffer, readonly) in [
        (PickleBuffer::new(&vec), false),
        (PickleBuffer::readonly(&vec), true),
        (PickleBuffer::new(vec.clone()), false),
        (PickleBuffer::readonly(vec.clone()), true),
        (PickleBuffer::shared(Arc::from(&*vec)), true),
        (PickleBuffer::shared(Arc::from(&*vec)).writable(), false),
    ] {
        assert_eq!(buffer.as_bytes(), b"spam");
        assert_eq!(buffer.is_readonly(), readonly);
        assert_eq!(buffer.clone().into_owned(), buffer);
        assert_eq!(buffer.into_cow(), &b"spam"[..]);
    }
}

#[test]
fn buffers_need_protocol_5() {
    for protocol in 0..5 {
        let dumped = Pickler::new(&mut Vec::new())
            .protocol(protocol)
            .dump(&PickleBuffer::readonly(&b"spam"[..]));
        let error = dumped.unwrap_err();
        let expected = format!("a PickleBuffer needs protocol 5 or above, not {protocol}");
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error.kind(), ErrorKind::ProtocolTooLow { .. }));
    }
}

#[test]
fn a_callback_needs_protocol_5_even_without_buffers() {
    for protocol in 0..5 {
        let mut bytes = Vec::new();
        let dumped = Pickler::new(&mut bytes)
            .protocol(protocol)
            .buffer_callback(&mut |_| Ok(false))
            .dump(&());
        assert!(matches!(
            dumped.unwrap_err().kind(),
            ErrorKind::ProtocolTooLow { needed: 5, .. }
        ));
        assert_eq!(bytes, b"");
    }
}

#[test]
fn in_band_they_are_bytes_or_a_bytearray() -> Result<()> {
    for len in [0, 1, 255, 256, 70_000] {
        let bytes = vec![7; len];
        for policy in POLICIES {
            let readonly = PickleBuffer::readonly(&bytes);
            assert_eq!(dump(&readonly, policy)?, dump(&bytes, policy)?);
            let shared = PickleBuffer::shared(Arc::from(&*bytes));
            assert_eq!(dump(&shared, policy)?, dump(&bytes, policy)?);
            let array = ByteArray(bytes.clone());
            let writable = PickleBuffer::new(&bytes);
            assert_eq!(dump(&writable, policy)?, dump(&array, policy)?);
            assert_eq!(dump(&shared.writable(), policy)?, dump(&array, policy)?);
        }
    }
    Ok(())
}

#[test]
fn a_callback_that_returns_true_changes_nothing() -> Result<()> {
    let buffers = [
        PickleBuffer::new(&b"spam"[..]),
        PickleBuffer::readonly(&b"eggs"[..]),
    ];
    let (bytes, handed) = hand_over(&buffers, &[true, true])?;
    assert_eq!(bytes, dump(&buffers, MemoPolicy::Shared)?);
    assert_eq!(handed, buffers);
    Ok(())
}

#[test]
fn a_callback_that_returns_false_takes_the_buffer_out() -> Result<()> {
    let buffers = [
        PickleBuffer::new(&b"spam"[..]),
        PickleBuffer::readonly(&b"eggs"[..]),
        PickleBuffer::readonly(&b"ham"[..]),
    ];
    let (bytes, handed) = hand_over(&buffers, &[false, false, true])?;
    assert_eq!(body(&bytes), b"](\x97\x97\x98C\x03hame.");
    assert_eq!(handed, buffers);

    let loaded: [PickleBuffer<'_>; 3] = Unpickler::new().buffers(handed).loads(&bytes)?;
    assert_eq!(loaded, buffers);
    Ok(())
}

#[test]
fn an_error_of_the_callback_reaches_the_caller() -> Result<()> {
    let buffer = PickleBuffer::readonly(&b"spam"[..]);
    let (mut bytes, mut full) = (Vec::new(), true);
    let mut callback = |_: PickleBuffer<'_>| {
        if std::mem::take(&mut full) {
            return Err(Error::from_source(std::io::Error::other(
                "the disk is full",
            )));
        }
        Ok(false)
    };
    let mut pickler = Pickler::new(&mut bytes)
        .protocol(5)
        .buffer_callback(&mut callback);

    let error = pickler.dump(&[&buffer]).unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the disk is full");
    assert_eq!(error.path().to_string(), "$[0]");

    pickler.dump(&buffer)?;
    assert_eq!(bytes, b"\x80\x05\x97\x98.");
    Ok(())
}

#[test]
fn the_callback_is_handed_the_very_bytes() -> Result<()> {
    let (bytes, vec) = (*b"spam", b"eggs".to_vec());
    let shared: Arc<[u8]> = Arc::from(*b"ham");
    let expected = [bytes.as_ptr(), vec.as_ptr(), shared.as_ptr()];
    let buffers = [
        PickleBuffer::readonly(&bytes[..]),
        PickleBuffer::new(vec),
        PickleBuffer::shared(shared),
    ];
    let mut handed = Vec::new();
    Pickler::new(&mut Vec::new())
        .protocol(5)
        .buffer_callback(&mut |buffer| {
            handed.push(buffer.as_bytes().as_ptr());
            Ok(false)
        })
        .dump(&buffers)?;
    assert_eq!(handed, expected);
    Ok(())
}

#[test]
fn to_keep_a_buffer_copies_only_borrowed_bytes() {
    let bytes = *b"spam";
    let borrowed = PickleBuffer::readonly(&bytes[..]).into_owned();
    assert_ne!(borrowed.as_bytes().as_ptr(), bytes.as_ptr());
    assert_eq!(borrowed.as_bytes(), bytes);

    let vec = b"eggs".to_vec();
    let at = vec.as_ptr();
    let owned = PickleBuffer::new(vec);
    assert_eq!(owned.clone().into_owned().as_bytes().as_ptr(), at);
    match owned.into_cow() {
        Cow::Owned(vec) => assert_eq!(vec.as_ptr(), at),
        Cow::Borrowed(_) => panic!("it owns its bytes"),
    }

    let shared: Arc<[u8]> = Arc::from(*b"ham");
    let buffer = PickleBuffer::shared(Arc::clone(&shared)).into_owned();
    assert!(Arc::ptr_eq(buffer.as_shared().unwrap(), &shared));
}

#[test]
fn borrowed_buffers_are_loaded_without_a_copy() -> Result<()> {
    let bytes = b"spam".to_vec();
    let unpickler = only(PickleBuffer::new(&bytes));
    let slice: &[u8] = unpickler.loads(NEXT)?;
    assert_eq!(slice.as_ptr(), bytes.as_ptr());
    let cow: Cow<'_, [u8]> = unpickler.loads(NEXT)?;
    assert!(matches!(cow, Cow::Borrowed(slice) if slice.as_ptr() == bytes.as_ptr()));
    let buffer: PickleBuffer<'_> = unpickler.loads(NEXT)?;
    assert_eq!(buffer.as_bytes().as_ptr(), bytes.as_ptr());
    assert!(!buffer.is_readonly());
    Ok(())
}

#[test]
fn owned_buffers_are_loaded_without_a_copy() -> Result<()> {
    let bytes = b"spam".to_vec();
    let at = bytes.as_ptr();
    let unpickler = only(PickleBuffer::new(bytes));
    let buffer: PickleBuffer<'_> = unpickler.loads(NEXT)?;
    assert_eq!(buffer.as_bytes().as_ptr(), at);
    assert_eq!(unpickler.loads::<Vec<u8>>(NEXT)?, b"spam");
    assert_eq!(unpickler.loads::<Cow<'_, [u8]>>(NEXT)?, &b"spam"[..]);
    assert_eq!(*unpickler.loads::<Arc<[u8]>>(NEXT)?, *b"spam");
    Ok(())
}

#[test]
fn shared_buffers_are_loaded_as_the_same_allocation() -> Result<()> {
    let shared: Arc<[u8]> = Arc::from(*b"spam");
    let unpickler = only(PickleBuffer::shared(Arc::clone(&shared)));
    let loaded: Arc<[u8]> = unpickler.loads(NEXT)?;
    assert!(Arc::ptr_eq(&loaded, &shared));
    let loaded: BTreeMap<&str, Arc<[u8]>> = unpickler.loads(b"\x80\x05}V\n\x97s.")?;
    assert!(Arc::ptr_eq(&loaded[""], &shared));
    let buffer: PickleBuffer<'_> = unpickler.loads(NEXT)?;
    assert!(Arc::ptr_eq(buffer.as_shared().unwrap(), &shared));
    let weak: std::sync::Weak<[u8]> = unpickler.loads(NEXT)?;
    assert!(Arc::ptr_eq(&weak.upgrade().unwrap(), &shared));
    Ok(())
}

#[test]
fn an_allocation_goes_all_the_way_round() -> Result<()> {
    let shared: Arc<[u8]> = Arc::from(vec![1; 100_000]);
    let value = ("name", PickleBuffer::shared(Arc::clone(&shared)));
    let (bytes, buffers) = hand_over(&value, &[false])?;
    assert!(bytes.len() < 30);
    let unpickler = Unpickler::new().buffers(buffers);
    let (_, loaded): (&str, Arc<[u8]>) = unpickler.loads(&bytes)?;
    assert!(Arc::ptr_eq(&loaded, &shared));
    let (_, loaded): (String, Arc<[u8]>) = unpickler.load(&mut &bytes[..])?;
    assert!(Arc::ptr_eq(&loaded, &shared));
    Ok(())
}

#[test]
fn references_to_one_loaded_buffer_are_one_pointer() -> Result<()> {
    let unpickler = only(PickleBuffer::new(&b"spam"[..]));
    let [one, other]: [Arc<[u8]>; 2] = unpickler.loads(b"\x80\x05(\x97\x94h\0l.")?;
    assert!(Arc::ptr_eq(&one, &other));
    let [one, other]: [Rc<[u8]>; 2] = unpickler.loads(b"\x80\x05(\x97\x94h\0l.")?;
    assert!(Rc::ptr_eq(&one, &other));
    Ok(())
}

#[test]
fn a_slice_cannot_borrow_of_a_buffer_that_owns() {
    for buffer in [
        PickleBuffer::new(b"spam".to_vec()),
        PickleBuffer::shared(Arc::from(*b"spam")),
    ] {
        let unpickler = only(buffer);
        let error = unpickler.loads::<&[u8]>(NEXT).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::OwnedBuffer);
        assert_eq!(error.offset(), Some(2));
    }
}

#[test]
fn a_buffer_is_loaded_of_what_is_in_band() -> Result<()> {
    for (input, readonly) in [
        (&b"\x80\x05C\x04spam."[..], true),
        (b"\x80\x05\x96\x04\0\0\0\0\0\0\0spam.", false),
    ] {
        let buffer: PickleBuffer<'_> = loads(input)?;
        assert_eq!(buffer.as_bytes(), b"spam");
        assert_eq!(buffer.is_readonly(), readonly);
        assert!(input.as_ptr_range().contains(&buffer.as_bytes().as_ptr()));
    }
    let error = loads::<PickleBuffer<'_>>(b"V\n.").unwrap_err();
    assert_eq!(error.offset(), Some(0));
    Ok(())
}

#[test]
fn what_the_pickle_calls_read_only_is() -> Result<()> {
    let readonly = b"\x80\x05\x97\x98.";
    let unpickler = only(PickleBuffer::new(&b"spam"[..]));
    assert!(unpickler.loads::<PickleBuffer<'_>>(readonly)?.is_readonly());
    assert_eq!(
        unpickler.loads::<Value>(readonly)?,
        Value::Bytes(b"spam".to_vec())
    );
    assert!(!unpickler.loads::<PickleBuffer<'_>>(NEXT)?.is_readonly());
    assert_eq!(
        unpickler.loads::<Value>(NEXT)?,
        Value::ByteArray(b"spam".to_vec())
    );
    Ok(())
}

#[test]
fn what_was_read_only_stays_the_same_object() -> Result<()> {
    let unpickler = only(PickleBuffer::shared(Arc::from(*b"spam")));
    let graph = unpickler.graph(b"\x80\x05(\x97\x94\x98h\0l.")?;
    let View::List(items) = graph.root().view() else {
        panic!("it is a list")
    };
    let ids: Vec<_> = items.map(pickle_core::NodeRef::id).collect();
    assert_eq!(ids[0], ids[1]);
    Ok(())
}

#[test]
fn only_buffers_given_as_read_only_are_hashable() {
    let readonly = only(PickleBuffer::readonly(&b"spam"[..]));
    let writable = only(PickleBuffer::new(&b"spam"[..]));
    for key in [&b"\x80\x05}\x97Ns."[..], b"\x80\x05}\x97\x98Ns."] {
        assert!(readonly.graph(key).is_ok());
        let error = writable.graph(key).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unhashable { .. }));
    }
}

#[test]
fn too_few_buffers_are_an_error_and_too_many_are_none() -> Result<()> {
    let two = b"\x80\x05(\x97\x97l.";
    for given in 0..4 {
        let buffers = (0..given).map(|_| PickleBuffer::new(&b"spam"[..]));
        let loaded = Unpickler::new().buffers(buffers).loads::<Vec<&[u8]>>(two);
        if given >= 2 {
            assert_eq!(loaded?, [b"spam"; 2]);
            continue;
        }
        let error = loaded.unwrap_err();
        let expected = ErrorKind::MissingBuffer {
            index: given,
            given,
        };
        assert_eq!(*error.kind(), expected);
        assert_eq!(error.offset(), Some(3 + given as u64));
    }
    Ok(())
}

#[test]
fn pickles_of_one_stream_go_on_with_the_buffers() -> Result<()> {
    let stream = b"\x80\x05\x97.\x80\x05\x97.";
    let unpickler = Unpickler::new().buffers([
        PickleBuffer::new(&b"spam"[..]),
        PickleBuffer::new(&b"eggs"[..]),
    ]);
    let mut pickles = unpickler.stream(&stream[..]).shared_memo();
    assert_eq!(pickles.load::<Vec<u8>>()?, Some(b"spam".to_vec()));
    assert_eq!(pickles.load::<Vec<u8>>()?, Some(b"eggs".to_vec()));
    Ok(())
}

/// As with CPython's C pickler, here and in the next two.
#[test]
fn a_shared_buffer_is_in_the_pickle_once() -> Result<()> {
    let one = Rc::new(PickleBuffer::new(&b"spam"[..]));
    let expected: [&[u8]; 2] = [
        b"](\x96\x04\0\0\0\0\0\0\0spam\x94h\0e.",
        b"]\x94(\x96\x04\0\0\0\0\0\0\0spam\x94h\x01e.",
    ];
    for (policy, expected) in POLICIES.into_iter().zip(expected) {
        assert_eq!(body(&dump(&[&one, &one], policy)?), expected);
    }
    Ok(())
}

#[test]
fn a_shared_buffer_is_handed_over_each_time() -> Result<()> {
    let one = Rc::new(PickleBuffer::shared(Arc::from(*b"spam")));
    let (bytes, buffers) = hand_over(&[&one, &one], &[false, false])?;
    assert_eq!(body(&bytes), b"](\x97\x98\x97\x98e.");
    for buffer in &buffers {
        assert!(Arc::ptr_eq(
            buffer.as_shared().unwrap(),
            one.as_shared().unwrap()
        ));
    }
    let unpickler = Unpickler::new().buffers(buffers);
    let [first, second]: [Arc<[u8]>; 2] = unpickler.loads(&bytes)?;
    assert!(Arc::ptr_eq(&first, &second));

    let nested = Rc::new(Rc::clone(&one));
    let (bytes, _) = hand_over(&(&nested, &one, &nested), &[false; 3])?;
    assert_eq!(body(&bytes), b"\x97\x98\x97\x98\x97\x98\x87.");
    Ok(())
}

#[test]
fn a_shared_buffer_once_in_the_pickle_is_not_handed_over_again() -> Result<()> {
    let one = Rc::new(PickleBuffer::new(&b"spam"[..]));
    let (bytes, buffers) = hand_over(&[&one, &one, &one, &one], &[false, true])?;
    assert_eq!(
        body(&bytes),
        b"](\x97\x96\x04\0\0\0\0\0\0\0spam\x94h\0h\0e."
    );
    assert_eq!(buffers.len(), 2);
    Ok(())
}

#[test]
fn a_pickler_does_not_keep_what_it_handed_over() -> Result<()> {
    let one = Rc::new(PickleBuffer::new(&b"spam"[..]));
    let mut bytes = Vec::new();
    let mut callback = |_: PickleBuffer<'_>| Ok(false);
    let mut pickler = Pickler::new(&mut bytes)
        .protocol(5)
        .buffer_callback(&mut callback);
    pickler.dump(&one)?;
    assert_eq!(Rc::strong_count(&one), 1);
    pickler.dump(&one)?;
    assert_eq!(bytes, b"\x80\x05\x97.\x80\x05\x97.");
    Ok(())
}

#[test]
fn a_writable_buffer_in_the_pickle_is_no_key() -> Result<()> {
    let readonly = BTreeMap::from([(1, PickleBuffer::new(&b"spam"[..]))]);
    assert!(dump(&readonly, MemoPolicy::Shared).is_ok());
    struct Key(PickleBuffer<'static>);
    impl Reduce for Key {
        fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
            p.dict([(&self.0, &())])
        }
    }
    assert!(dump(&Key(PickleBuffer::readonly(&b"spam"[..])), MemoPolicy::All).is_ok());
    let error = dump(&Key(PickleBuffer::new(&b"spam"[..])), MemoPolicy::All).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unhashable { .. }));
    Ok(())
}

#[test]
fn the_buffers_of_a_graph_are_handed_on() -> Result<()> {
    let (one, other) = (b"spam".to_vec(), b"eggs".to_vec());
    let pickle = b"\x80\x05(\x97\x94\x97\x98h\0t.";
    let unpickler = Unpickler::new().buffers([PickleBuffer::new(&one), PickleBuffer::new(&other)]);
    let graph = unpickler.graph(pickle)?;

    let (mut bytes, mut handed) = (Vec::new(), Vec::new());
    Pickler::new(&mut bytes)
        .protocol(5)
        .buffer_callback(&mut |buffer| {
            handed.push((buffer.as_bytes().as_ptr(), buffer.is_readonly()));
            Ok(false)
        })
        .dump(&graph)?;
    assert_eq!(body(&bytes), b"\x97\x97\x98\x97\x87.");
    let (one, other) = (one.as_ptr(), other.as_ptr());
    assert_eq!(handed, [(one, false), (other, true), (one, false)]);
    Ok(())
}

/// As if the loaded objects were bytes and bytearrays.
#[test]
fn the_buffers_of_a_graph_are_dumped_in_every_protocol() -> Result<()> {
    let unpickler = Unpickler::new().buffers([
        PickleBuffer::new(&b"spam"[..]),
        PickleBuffer::new(&b"eggs"[..]),
    ]);
    let graph = unpickler.graph(b"\x80\x05(\x97\x94\x97\x98h\0t.")?;
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes).protocol(protocol).dump(&graph)?;
        let [one, other, again]: [Arc<[u8]>; 3] = loads(&bytes)?;
        assert_eq!((&*one, &*other), (&b"spam"[..], &b"eggs"[..]));
        assert!(Arc::ptr_eq(&one, &again));
    }
    Ok(())
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "tests.buffers")]
struct Raster<'a> {
    width: u32,
    pixels: PickleBuffer<'a>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "tests.buffers", name = "Raster", no_register)]
struct SharedRaster {
    width: u32,
    pixels: Arc<[u8]>,
}

#[test]
fn a_field_is_a_buffer() -> Result<()> {
    let pixels = vec![1, 2, 3, 4];
    let raster = Raster {
        width: 2,
        pixels: PickleBuffer::readonly(&pixels),
    };
    let bytes = dump(&raster, MemoPolicy::Shared)?;
    assert_eq!(loads::<Raster<'_>>(&bytes)?, raster);

    let (bytes, buffers) = hand_over(&raster, &[false])?;
    let unpickler = Unpickler::new().buffers(buffers);
    assert_eq!(unpickler.loads::<Raster<'_>>(&bytes)?, raster);
    assert_eq!(*unpickler.loads::<SharedRaster>(&bytes)?.pixels, *pixels);

    let unpickler = only(PickleBuffer::readonly(&pixels));
    let loaded: Raster<'_> = unpickler.loads(&bytes)?;
    assert_eq!(loaded.pixels.as_bytes().as_ptr(), pixels.as_ptr());
    Ok(())
}

/// Bytes that leave the pickle where they can.
struct Leaving<'a>(&'a Arc<[u8]>);

impl Reduce for Leaving<'_> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        match p.chosen_protocol() {
            ..5 => p.bytes(self.0),
            _ => p.buffer(&PickleBuffer::shared(Arc::clone(self.0))),
        }
    }
}

impl Wire for Leaving<'_> {
    type Form = <[u8] as Wire>::Form;
}

#[derive(Reduce, Debug)]
#[reduce(module = "tests.buffers", with = Image::reduce)]
struct Image {
    pixels: Arc<[u8]>,
}

impl Image {
    fn reduce(&self) -> Reduction<'_> {
        Reduction::new(open, (Leaving(&self.pixels),))
    }
}

#[pickle_core::constructor(module = "tests.buffers")]
fn open(pixels: Arc<[u8]>) -> Image {
    Image { pixels }
}

#[test]
fn a_reducer_gives_buffers_to_a_constructor() -> Result<()> {
    let pixels: Arc<[u8]> = Arc::from(*b"spam");
    let image = Image {
        pixels: Arc::clone(&pixels),
    };
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes).protocol(protocol).dump(&image)?;
        assert_eq!(*loads::<Image>(&bytes)?.pixels, *pixels);
    }
    let (bytes, buffers) = hand_over(&image, &[false])?;
    let loaded: Image = Unpickler::new().buffers(buffers).loads(&bytes)?;
    assert!(Arc::ptr_eq(&loaded.pixels, &pixels));
    Ok(())
}

#[test]
fn buffers_count_as_input() -> Result<()> {
    let buffer = vec![0; 1000];
    let limits = Limits::default().constructed_bytes(0, 2);
    let unpickler = only(PickleBuffer::new(&buffer)).limits(limits);
    assert_eq!(unpickler.loads::<Vec<u8>>(NEXT)?.len(), 1000);
    assert!(unpickler.loads::<Value>(NEXT).is_ok());
    Ok(())
}

#[test]
fn a_buffer_that_is_copied_again_and_again_meets_the_limit() {
    let buffer = vec![0; 1000];
    let limits = Limits::default().constructed_bytes(0, 2);
    let unpickler = only(PickleBuffer::new(&buffer)).limits(limits);
    let often = b"\x80\x05(\x97\x94h\0h\0h\0l.";
    let is_limit = |error: Error| matches!(error.kind(), ErrorKind::LimitExceeded { .. });
    assert!(is_limit(
        unpickler.loads::<Vec<Vec<u8>>>(often).unwrap_err()
    ));
    assert!(is_limit(unpickler.loads::<Value>(often).unwrap_err()));
    assert!(unpickler.loads::<Vec<&[u8]>>(often).is_ok());
    assert!(unpickler.loads::<Vec<PickleBuffer<'_>>>(often).is_ok());
    assert!(unpickler.loads::<Vec<Arc<[u8]>>>(often).is_ok());
}

#[test]
fn a_graph_that_is_owned_owns_its_buffers() -> Result<()> {
    let graph = {
        let bytes = b"spam".to_vec();
        only(PickleBuffer::new(&bytes)).graph(NEXT)?.into_owned()
    };
    assert_eq!(graph.root().as_bytes(), Some(&b"spam"[..]));
    assert_eq!(graph, only(PickleBuffer::new(&b"spam"[..])).graph(NEXT)?);
    let _: &Graph<'static> = &graph;
    Ok(())
}

#[test]
fn equality_is_of_bytes_and_of_whether_they_are_writable() {
    let bytes = b"spam".to_vec();
    let borrowed = PickleBuffer::readonly(&bytes);
    assert_eq!(borrowed, PickleBuffer::readonly(bytes.clone()));
    assert_eq!(borrowed, PickleBuffer::shared(Arc::from(&*bytes)));
    assert_ne!(borrowed, PickleBuffer::new(&bytes));
    assert_ne!(borrowed, PickleBuffer::readonly(&b"eggs"[..]));
    assert_eq!(borrowed.as_ref(), bytes);
    assert_eq!(
        format!("{:?}", PickleBuffer::new(&b"a"[..])),
        "PickleBuffer { bytes: [97], readonly: false }"
    );
}
