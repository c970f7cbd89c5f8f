//! The table of pickle's 68 opcodes: the one place that knows their bytes.
//!
//! The reader, the writer, the machine's stack checks and the disassembler all ask this table.
//! It knows what an opcode looks like and what it does to the stack, not how it is carried out.
//! A test holds every column against CPython's `pickletools.opcodes`.

/// What follows an opcode's byte in the stream. Integers are little-endian, except in floats.
///
/// The names are those of `pickletools.ArgumentDescriptor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgumentKind {
    /// Nothing.
    None,
    /// A line: an int in decimal, or `00` and `01` for bools.
    DecimalNlShort,
    /// A line: an int in decimal of any size, with an optional `L`.
    DecimalNlLong,
    /// A line: a float in decimal.
    FloatNl,
    /// A line: a quoted and escaped string.
    StringNl,
    /// A line, taken as it is.
    StringNlNoEscape,
    /// Two lines, taken as they are.
    StringNlNoEscapePair,
    /// A line, in raw-unicode-escape.
    UnicodeStringNl,
    /// One byte.
    UInt1,
    /// Two bytes.
    UInt2,
    /// Four bytes, signed.
    Int4,
    /// Four bytes.
    UInt4,
    /// Eight bytes.
    UInt8,
    /// Eight bytes: an IEEE 754 double, big-endian.
    Float8,
    /// An int in two's complement, behind its length in one byte.
    Long1,
    /// An int in two's complement, behind its length in four bytes, signed.
    Long4,
    /// A Python 2 string behind its length in one byte.
    String1,
    /// A Python 2 string behind its length in four bytes, signed.
    String4,
    /// Bytes behind their length in one byte.
    Bytes1,
    /// Bytes behind their length in four bytes.
    Bytes4,
    /// Bytes behind their length in eight bytes.
    Bytes8,
    /// A bytearray's bytes behind their length in eight bytes.
    ByteArray8,
    /// UTF-8 behind its length in one byte.
    UnicodeString1,
    /// UTF-8 behind its length in four bytes.
    UnicodeString4,
    /// UTF-8 behind its length in eight bytes.
    UnicodeString8,
}

/// What an opcode takes from the stack or leaves on it, named as `pickletools.StackObject` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StackItem {
    /// Any object.
    Any,
    /// None.
    None,
    /// A bool.
    Bool,
    /// An int.
    Int,
    /// An int or a bool.
    IntOrBool,
    /// A float.
    Float,
    /// A str.
    Str,
    /// A bytes object.
    Bytes,
    /// What a Python 2 `str` becomes: a str or a bytes object.
    BytesOrStr,
    /// A bytearray.
    ByteArray,
    /// A buffer that came outside the stream.
    Buffer,
    /// A tuple.
    Tuple,
    /// A list.
    List,
    /// A dict.
    Dict,
    /// A set.
    Set,
    /// A frozenset.
    FrozenSet,
    /// The topmost mark.
    Mark,
    /// Everything above the topmost mark.
    StackSlice,
}

impl StackItem {
    /// The name of the same in Python's `pickletools`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::None => "None",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::IntOrBool => "int_or_bool",
            Self::Float => "float",
            Self::Str => "str",
            Self::Bytes => "bytes",
            Self::BytesOrStr => "bytes_or_str",
            Self::ByteArray => "bytearray",
            Self::Buffer => "buffer",
            Self::Tuple => "tuple",
            Self::List => "list",
            Self::Dict => "dict",
            Self::Set => "set",
            Self::FrozenSet => "frozenset",
            Self::Mark => "mark",
            Self::StackSlice => "stackslice",
        }
    }
}

/// Turns the rows of the table, each
///
/// ```text
/// /// What it does.
/// Variant "NAME" = byte, Argument, [stack before] -> [stack after], protocol;
/// ```
///
/// into `enum Opcode { Variant, ... }`, `Opcode::ALL`, and one `match` for each column.
macro_rules! opcodes {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident $name:literal = $byte:literal, $argument:ident,
        [$($before:ident),*] -> [$($after:ident),*], $protocol:literal;
    )+) => {
        /// One instruction of the pickle machine, as in CPython's `pickletools.opcodes`.
        ///
        /// ```
        /// use pickle_core::pickletools::Opcode;
        ///
        /// let op = Opcode::from_byte(b'K').expect("K is BININT1");
        /// assert_eq!(op.name(), "BININT1");
        /// assert_eq!(op.protocol(), 1);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Opcode {
            $( $(#[doc = $doc])+ $variant = $byte, )+
        }

        impl Opcode {
            /// Every opcode, by the protocol that introduced it.
            pub const ALL: [Self; 68] = [$(Self::$variant),+];

            /// The opcode that a byte stands for, if it stands for one.
            #[inline]
            #[must_use]
            pub const fn from_byte(byte: u8) -> Option<Self> {
                BY_BYTE[byte as usize]
            }

            /// Python's name for the opcode, such as `BININT1`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// What follows the opcode's byte in the stream.
            #[must_use]
            pub const fn argument(self) -> ArgumentKind {
                match self { $( Self::$variant => ArgumentKind::$argument, )+ }
            }

            /// What the opcode takes from the stack, topmost last.
            #[must_use]
            pub const fn stack_before(self) -> &'static [StackItem] {
                match self { $( Self::$variant => &[$(StackItem::$before),*], )+ }
            }

            /// What the opcode leaves on the stack, topmost last.
            #[must_use]
            pub const fn stack_after(self) -> &'static [StackItem] {
                match self { $( Self::$variant => &[$(StackItem::$after),*], )+ }
            }

            /// The protocol that introduced the opcode.
            #[must_use]
            #[inline(always)]
            pub const fn protocol(self) -> u8 {
                match self { $( Self::$variant => $protocol, )+ }
            }

            /// What the opcode does, in a sentence.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $( Self::$variant => concat!($($doc),+).trim_ascii(), )+ }
            }
        }
    };
}

impl Opcode {
    /// The byte that stands for the opcode in a stream.
    #[must_use]
    pub const fn byte(self) -> u8 {
        self as u8
    }

    /// Whether it is a MARK, takes one, or is a STOP or FRAME.
    #[inline]
    pub(crate) const fn is_delimiter(self) -> bool {
        DELIMITERS[self as usize]
    }

    /// How many bytes it takes with its argument, if that is always as many.
    #[inline]
    pub(crate) const fn width(self) -> Option<usize> {
        match WIDTHS[self as usize] {
            0 => None,
            width => Some(width as usize),
        }
    }
}

/// The opcodes by their bytes.
const BY_BYTE: [Option<Opcode>; 256] = {
    let mut opcodes = [None; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        opcodes[Opcode::ALL[index] as usize] = Some(Opcode::ALL[index]);
        index += 1;
    }
    opcodes
};

/// Whether an opcode is a delimiter, by its byte.
const DELIMITERS: [bool; 256] = {
    let mut delimiters = [false; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let opcode = Opcode::ALL[index];
        let mut delimits = matches!(opcode, Opcode::Mark | Opcode::Stop | Opcode::Frame);
        let mut taken = opcode.stack_before();
        while let [first, rest @ ..] = taken {
            delimits |= matches!(first, StackItem::Mark);
            taken = rest;
        }
        delimiters[opcode as usize] = delimits;
        index += 1;
    }
    delimiters
};

/// How many bytes an opcode takes with its argument, by its byte; 0 if that varies.
const WIDTHS: [u8; 256] = {
    let mut widths = [0; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let opcode = Opcode::ALL[index];
        if let Layout::Fixed(width) = opcode.argument().layout() {
            // OK because arguments take eight bytes at the most.
            widths[opcode as usize] = 1 + width as u8;
        }
        index += 1;
    }
    widths
};

opcodes! {
    /// An int or, as `00` and `01`, a bool in decimal text; C's rules of base 0 apply.
    Int "INT" = b'I', DecimalNlShort, [] -> [IntOrBool], 0;
    /// An int of any size in decimal text, followed by an optional `L`.
    Long "LONG" = b'L', DecimalNlLong, [] -> [Int], 0;
    /// A Python 2 `str`, quoted and escaped as in Python source.
    String "STRING" = b'S', StringNl, [] -> [BytesOrStr], 0;
    /// None.
    None "NONE" = b'N', None, [] -> [None], 0;
    /// A str as a line of text, escaped as raw-unicode-escape.
    Unicode "UNICODE" = b'V', UnicodeStringNl, [] -> [Str], 0;
    /// A float in decimal text.
    Float "FLOAT" = b'F', FloatNl, [] -> [Float], 0;
    /// Appends one item to a list.
    Append "APPEND" = b'a', None, [List, Any] -> [List], 0;
    /// A list of the items above the mark.
    List "LIST" = b'l', None, [Mark, StackSlice] -> [List], 0;
    /// A tuple of the items above the mark.
    Tuple "TUPLE" = b't', None, [Mark, StackSlice] -> [Tuple], 0;
    /// A dict of the keys and values above the mark.
    Dict "DICT" = b'd', None, [Mark, StackSlice] -> [Dict], 0;
    /// Sets one key of a dict.
    SetItem "SETITEM" = b's', None, [Dict, Any, Any] -> [Dict], 0;
    /// Discards the topmost item, or the mark if that is on top.
    Pop "POP" = b'0', None, [Any] -> [], 0;
    /// Pushes the topmost item again.
    Dup "DUP" = b'2', None, [Any] -> [Any, Any], 0;
    /// Pushes a mark.
    Mark "MARK" = b'(', None, [] -> [Mark], 0;
    /// Pushes the memo's item at an index in decimal text.
    Get "GET" = b'g', DecimalNlShort, [] -> [Any], 0;
    /// Stores the topmost item in the memo at an index in decimal text.
    Put "PUT" = b'p', DecimalNlShort, [] -> [], 0;
    /// A global, by two lines of text: module and qualname.
    Global "GLOBAL" = b'c', StringNlNoEscapePair, [] -> [Any], 0;
    /// Calls a callable with a tuple of arguments.
    Reduce "REDUCE" = b'R', None, [Any, Any] -> [Any], 0;
    /// Gives an instance its state.
    Build "BUILD" = b'b', None, [Any, Any] -> [Any], 0;
    /// Makes an instance of the class named by two lines, of the arguments above the mark.
    Inst "INST" = b'i', StringNlNoEscapePair, [Mark, StackSlice] -> [Any], 0;
    /// Ends the pickle: its object is on top.
    Stop "STOP" = b'.', None, [Any] -> [], 0;
    /// An object kept elsewhere, by its id as a line of text.
    PersId "PERSID" = b'P', StringNlNoEscape, [] -> [Any], 0;
    /// A signed 32-bit int.
    BinInt "BININT" = b'J', Int4, [] -> [Int], 1;
    /// An int from 0 to 255.
    BinInt1 "BININT1" = b'K', UInt1, [] -> [Int], 1;
    /// An int from 0 to 65535.
    BinInt2 "BININT2" = b'M', UInt2, [] -> [Int], 1;
    /// A Python 2 `str` of up to 2^31-1 bytes.
    BinString "BINSTRING" = b'T', String4, [] -> [BytesOrStr], 1;
    /// A Python 2 `str` of up to 255 bytes.
    ShortBinString "SHORT_BINSTRING" = b'U', String1, [] -> [BytesOrStr], 1;
    /// A str with a 32-bit length, in UTF-8 that may hold lone surrogates.
    BinUnicode "BINUNICODE" = b'X', UnicodeString4, [] -> [Str], 1;
    /// A float as eight bytes, big-endian.
    BinFloat "BINFLOAT" = b'G', Float8, [] -> [Float], 1;
    /// A new list.
    EmptyList "EMPTY_LIST" = b']', None, [] -> [List], 1;
    /// Appends the items above the mark to a list.
    Appends "APPENDS" = b'e', None, [List, Mark, StackSlice] -> [List], 1;
    /// The empty tuple.
    EmptyTuple "EMPTY_TUPLE" = b')', None, [] -> [Tuple], 1;
    /// A new dict.
    EmptyDict "EMPTY_DICT" = b'}', None, [] -> [Dict], 1;
    /// Sets the keys above the mark, each with its value.
    SetItems "SETITEMS" = b'u', None, [Dict, Mark, StackSlice] -> [Dict], 1;
    /// Discards all items above the mark, and the mark.
    PopMark "POP_MARK" = b'1', None, [Mark, StackSlice] -> [], 1;
    /// Pushes the memo's item at an 8-bit index.
    BinGet "BINGET" = b'h', UInt1, [] -> [Any], 1;
    /// Pushes the memo's item at a 32-bit index.
    LongBinGet "LONG_BINGET" = b'j', UInt4, [] -> [Any], 1;
    /// Stores the topmost item in the memo at an 8-bit index.
    BinPut "BINPUT" = b'q', UInt1, [] -> [], 1;
    /// Stores the topmost item in the memo at a 32-bit index.
    LongBinPut "LONG_BINPUT" = b'r', UInt4, [] -> [], 1;
    /// Makes an instance of the class right above the mark, of the arguments above that.
    Obj "OBJ" = b'o', None, [Mark, Any, StackSlice] -> [Any], 1;
    /// An object kept elsewhere, by its id on top.
    BinPersId "BINPERSID" = b'Q', None, [Any] -> [Any], 1;
    /// An int of up to 255 bytes, in two's complement.
    Long1 "LONG1" = 0x8a, Long1, [] -> [Int], 2;
    /// An int of up to 2^31-1 bytes, in two's complement.
    Long4 "LONG4" = 0x8b, Long4, [] -> [Int], 2;
    /// True.
    NewTrue "NEWTRUE" = 0x88, None, [] -> [Bool], 2;
    /// False.
    NewFalse "NEWFALSE" = 0x89, None, [] -> [Bool], 2;
    /// A tuple of the topmost item.
    Tuple1 "TUPLE1" = 0x85, None, [Any] -> [Tuple], 2;
    /// A tuple of the two topmost items.
    Tuple2 "TUPLE2" = 0x86, None, [Any, Any] -> [Tuple], 2;
    /// A tuple of the three topmost items.
    Tuple3 "TUPLE3" = 0x87, None, [Any, Any, Any] -> [Tuple], 2;
    /// The global registered under an 8-bit extension code.
    Ext1 "EXT1" = 0x82, UInt1, [] -> [Any], 2;
    /// The global registered under a 16-bit extension code.
    Ext2 "EXT2" = 0x83, UInt2, [] -> [Any], 2;
    /// The global registered under a 31-bit extension code.
    Ext4 "EXT4" = 0x84, Int4, [] -> [Any], 2;
    /// Makes an instance by `cls.__new__(cls, *args)`.
    NewObj "NEWOBJ" = 0x81, None, [Any, Any] -> [Any], 2;
    /// Announces the protocol.
    Proto "PROTO" = 0x80, UInt1, [] -> [], 2;
    /// A bytes object with a 32-bit length.
    BinBytes "BINBYTES" = b'B', Bytes4, [] -> [Bytes], 3;
    /// A bytes object of up to 255 bytes.
    ShortBinBytes "SHORT_BINBYTES" = b'C', Bytes1, [] -> [Bytes], 3;
    /// A bytes object with a 64-bit length.
    BinBytes8 "BINBYTES8" = 0x8e, Bytes8, [] -> [Bytes], 4;
    /// A str of up to 255 bytes of UTF-8.
    ShortBinUnicode "SHORT_BINUNICODE" = 0x8c, UnicodeString1, [] -> [Str], 4;
    /// A str with a 64-bit length, in UTF-8 that may hold lone surrogates.
    BinUnicode8 "BINUNICODE8" = 0x8d, UnicodeString8, [] -> [Str], 4;
    /// A new set.
    EmptySet "EMPTY_SET" = 0x8f, None, [] -> [Set], 4;
    /// Adds the items above the mark to a set.
    AddItems "ADDITEMS" = 0x90, None, [Set, Mark, StackSlice] -> [Set], 4;
    /// A frozenset of the items above the mark.
    FrozenSet "FROZENSET" = 0x91, None, [Mark, StackSlice] -> [FrozenSet], 4;
    /// Stores the topmost item in the memo behind the entries it has.
    Memoize "MEMOIZE" = 0x94, None, [Any] -> [Any], 4;
    /// A global, by the two strs on top: module and qualname.
    StackGlobal "STACK_GLOBAL" = 0x93, None, [Str, Str] -> [Any], 4;
    /// Makes an instance by `cls.__new__(cls, *args, **kwargs)`.
    NewObjEx "NEWOBJ_EX" = 0x92, None, [Any, Any, Any] -> [Any], 4;
    /// Announces the bytes of a frame.
    Frame "FRAME" = 0x95, UInt8, [] -> [], 4;
    /// A bytearray with a 64-bit length.
    ByteArray8 "BYTEARRAY8" = 0x96, ByteArray8, [] -> [ByteArray], 5;
    /// The next of the buffers that travel outside the stream.
    NextBuffer "NEXT_BUFFER" = 0x97, None, [] -> [Buffer], 5;
    /// Makes the buffer on top read-only.
    ReadonlyBuffer "READONLY_BUFFER" = 0x98, None, [Buffer] -> [Buffer], 5;
}

/// How an argument's bytes lie in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// So many bytes.
    Fixed(usize),
    /// A length in so many bytes, and that many bytes behind it.
    Counted { width: usize, signed: bool },
    /// So many lines, each with its newline.
    Lines(usize),
}

impl ArgumentKind {
    pub(crate) const fn layout(self) -> Layout {
        match self {
            Self::None => Layout::Fixed(0),
            Self::UInt1 => Layout::Fixed(1),
            Self::UInt2 => Layout::Fixed(2),
            Self::Int4 | Self::UInt4 => Layout::Fixed(4),
            Self::UInt8 | Self::Float8 => Layout::Fixed(8),
            Self::Long1 | Self::String1 | Self::Bytes1 | Self::UnicodeString1 => Layout::Counted {
                width: 1,
                signed: false,
            },
            Self::Bytes4 | Self::UnicodeString4 => Layout::Counted {
                width: 4,
                signed: false,
            },
            Self::Long4 | Self::String4 => Layout::Counted {
                width: 4,
                signed: true,
            },
            Self::Bytes8 | Self::ByteArray8 | Self::UnicodeString8 => Layout::Counted {
                width: 8,
                signed: false,
            },
            Self::DecimalNlShort
            | Self::DecimalNlLong
            | Self::FloatNl
            | Self::StringNl
            | Self::StringNlNoEscape
            | Self::UnicodeStringNl => Layout::Lines(1),
            Self::StringNlNoEscapePair => Layout::Lines(2),
        }
    }
}
