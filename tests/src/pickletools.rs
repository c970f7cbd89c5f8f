//! Pickles for `pickletools`, with what is to come of them: tests without Python hold us against
//! these tables, and tests with it the tables against CPython.

/// A pickle, the lines of its disassembly, and the error that ends it, if one does.
pub type Disassembled = (&'static [u8], &'static [&'static str], Option<&'static str>);

/// What `dis` prints of odd pickles.
pub const DISASSEMBLED: &[Disassembled] = &[
    // Marks indent, and name where they were set.
    (
        b"(K\x05(]tl.",
        &[
            "    0: (    MARK",
            "    1: K        BININT1    5",
            "    3: (        MARK",
            "    4: ]            EMPTY_LIST",
            "    5: t            TUPLE      (MARK at 3)",
            "    6: l        LIST       (MARK at 0)",
            "    7: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"((\x88d\x89t.",
        &[
            "    0: (    MARK",
            "    1: (        MARK",
            "    2: \\x88         NEWTRUE",
            "    3: d            DICT       (MARK at 1)",
            "    4: \\x89     NEWFALSE",
            "    5: t        TUPLE      (MARK at 0)",
            "    6: .    STOP",
            "highest protocol among opcodes = 2",
        ],
        None,
    ),
    (
        b"(N0(0K\x01t.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: 0        POP",
            "    3: (        MARK",
            "    4: 0            POP        (MARK at 3)",
            "    5: K        BININT1    1",
            "    7: t        TUPLE      (MARK at 0)",
            "    8: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"(1N.",
        &[
            "    0: (    MARK",
            "    1: 1        POP_MARK   (MARK at 0)",
            "    2: N    NONE",
            "    3: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"(N0N01N.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: 0        POP",
            "    3: N        NONE",
            "    4: 0        POP",
            "    5: 1        POP_MARK   (MARK at 0)",
            "    6: N    NONE",
            "    7: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"(cmod\nC\noimod\nC\n.",
        &[
            "    0: (    MARK",
            "    1: c        GLOBAL     'mod C'",
            "    8: o        OBJ        (MARK at 0)",
            "    9: i    INST       'mod C' no MARK exists on stack",
        ],
        Some("no MARK exists on stack (at byte 9)"),
    ),
    (
        b"((N\x88imod\nC\nl.",
        &[
            "    0: (    MARK",
            "    1: (        MARK",
            "    2: N            NONE",
            "    3: \\x88         NEWTRUE",
            "    4: i            INST       'mod C' (MARK at 1)",
            "   11: l        LIST       (MARK at 0)",
            "   12: .    STOP",
            "highest protocol among opcodes = 2",
        ],
        None,
    ),
    // No mark is left, or an opcode has taken it for an object.
    (
        b"K\x05l.",
        &[
            "    0: K    BININT1    5",
            "    2: l    LIST       no MARK exists on stack",
        ],
        Some("no MARK exists on stack (at byte 2)"),
    ),
    (
        b"1",
        &["    0: 1    POP_MARK   no MARK exists on stack"],
        Some("no MARK exists on stack (at byte 0)"),
    ),
    (
        b"N(00t.",
        &[
            "    0: N    NONE",
            "    1: (    MARK",
            "    2: 0        POP        (MARK at 1)",
            "    3: 0    POP",
            "    4: t    TUPLE      no MARK exists on stack",
        ],
        Some("no MARK exists on stack (at byte 4)"),
    ),
    (
        b"(2u.",
        &[
            "    0: (    MARK",
            "    1: 2        DUP",
            "    2: u        SETITEMS   no MARK exists on stack",
        ],
        Some("no MARK exists on stack (at byte 2)"),
    ),
    (
        b"((\x85K\x010\x86t.",
        &[
            "    0: (    MARK",
            "    1: (        MARK",
            "    2: \\x85         TUPLE1",
            "    3: K            BININT1    1",
            "    5: 0            POP",
            "    6: \\x86         TUPLE2",
            "    7: t            TUPLE      no MARK exists on stack",
        ],
        Some("no MARK exists on stack (at byte 7)"),
    ),
    // Memo entries: of each kind, under each spelling of a key.
    (
        b"\x88p3\nq\0r\x07\0\0\0\x94.",
        &[
            "    0: \\x88 NEWTRUE",
            "    1: p    PUT        3",
            "    4: q    BINPUT     0",
            "    6: r    LONG_BINPUT 7",
            "   11: \\x94 MEMOIZE    (as 3)",
        ],
        Some("memo key None already defined (at byte 11)"),
    ),
    (
        b"\x88p0\nq\x01r\x02\0\0\0\x94.",
        &[
            "    0: \\x88 NEWTRUE",
            "    1: p    PUT        0",
            "    4: q    BINPUT     1",
            "    6: r    LONG_BINPUT 2",
            "   11: \\x94 MEMOIZE    (as 3)",
            "   12: .    STOP",
            "highest protocol among opcodes = 4",
        ],
        None,
    ),
    (
        b"\x88p3\nq\x07\x94.",
        &[
            "    0: \\x88 NEWTRUE",
            "    1: p    PUT        3",
            "    4: q    BINPUT     7",
            "    6: \\x94 MEMOIZE    (as 2)",
            "    7: .    STOP",
            "highest protocol among opcodes = 4",
        ],
        None,
    ),
    (
        b"(Np7\ng7\nh\x07j\x07\0\0\0t.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: p        PUT        7",
            "    5: g        GET        7",
            "    8: h        BINGET     7",
            "   10: j        LONG_BINGET 7",
            "   15: t        TUPLE      (MARK at 0)",
            "   16: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"(Np00\ng0\nKap01\nh\x01t.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: p        PUT        False",
            "    6: g        GET        0",
            "    9: K        BININT1    97",
            "   11: p        PUT        True",
            "   15: h        BINGET     1",
            "   17: t        TUPLE      (MARK at 0)",
            "   18: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"(Np-9\ng -0_9 \nt.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: p        PUT        -9",
            "    6: g        GET        -9",
            "   14: t        TUPLE      (MARK at 0)",
            "   15: .    STOP",
            "highest protocol among opcodes = 0",
        ],
        None,
    ),
    (
        b"(Np18446744073709551616\ng+18446744073709551616\nt.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: p        PUT        18446744073709551616",
            "   24: g        GET        18446744073709551616",
            "   47: t        TUPLE      (MARK at 0)",
            "   48: .    STOP",
            "highest protocol among opcodes = 0",
        ],
        None,
    ),
    (
        b"(N\x94p1\n\x94h\x02t.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: \\x94     MEMOIZE    (as 0)",
            "    3: p        PUT        1",
            "    6: \\x94     MEMOIZE    (as 2)",
            "    7: h        BINGET     2",
            "    9: t        TUPLE      (MARK at 0)",
            "   10: .    STOP",
            "highest protocol among opcodes = 4",
        ],
        None,
    ),
    // Memo entries that are there already.
    (
        b"Np2\np2\n.",
        &[
            "    0: N    NONE",
            "    1: p    PUT        2",
            "    4: p    PUT        2",
        ],
        Some("memo key 2 already defined (at byte 4)"),
    ),
    (
        b"Nq\x02q\x02.",
        &[
            "    0: N    NONE",
            "    1: q    BINPUT     2",
            "    3: q    BINPUT     2",
        ],
        Some("memo key 2 already defined (at byte 3)"),
    ),
    (
        b"Nr\x02\0\0\0p2\n.",
        &[
            "    0: N    NONE",
            "    1: r    LONG_BINPUT 2",
            "    6: p    PUT        2",
        ],
        Some("memo key 2 already defined (at byte 6)"),
    ),
    (
        b"Np2\nr\x02\0\0\0.",
        &[
            "    0: N    NONE",
            "    1: p    PUT        2",
            "    4: r    LONG_BINPUT 2",
        ],
        Some("memo key 2 already defined (at byte 4)"),
    ),
    (
        b"Np1\n\x94.",
        &[
            "    0: N    NONE",
            "    1: p    PUT        1",
            "    4: \\x94 MEMOIZE    (as 1)",
        ],
        Some("memo key None already defined (at byte 4)"),
    ),
    (
        b"Np00\np0\n.",
        &[
            "    0: N    NONE",
            "    1: p    PUT        False",
            "    5: p    PUT        0",
        ],
        Some("memo key 0 already defined (at byte 5)"),
    ),
    (
        b"Np18446744073709551616\np18446744073709551616\n.",
        &[
            "    0: N    NONE",
            "    1: p    PUT        18446744073709551616",
            "   23: p    PUT        18446744073709551616",
        ],
        Some("memo key 18446744073709551616 already defined (at byte 23)"),
    ),
    // Memo entries of nothing, and of marks.
    (
        b"q\x05",
        &["    0: q    BINPUT     5"],
        Some("stack is empty -- can't store into memo (at byte 0)"),
    ),
    (
        b"\x94.",
        &["    0: \\x94 MEMOIZE    (as 0)"],
        Some("stack is empty -- can't store into memo (at byte 0)"),
    ),
    (
        b"N0p0\n",
        &[
            "    0: N    NONE",
            "    1: 0    POP",
            "    2: p    PUT        0",
        ],
        Some("stack is empty -- can't store into memo (at byte 2)"),
    ),
    (
        b"(\x94.",
        &["    0: (    MARK", "    1: \\x94     MEMOIZE    (as 0)"],
        Some("can't store markobject in the memo (at byte 1)"),
    ),
    (
        b"]((r\x05\0\0\0.",
        &[
            "    0: ]    EMPTY_LIST",
            "    1: (    MARK",
            "    2: (        MARK",
            "    3: r            LONG_BINPUT 5",
        ],
        Some("can't store markobject in the memo (at byte 3)"),
    ),
    // Memo entries that are not there.
    (
        b"g2\n.",
        &["    0: g    GET        2"],
        Some("memo key 2 has never been stored into (at byte 0)"),
    ),
    (
        b"Nq\x01h\x02.",
        &[
            "    0: N    NONE",
            "    1: q    BINPUT     1",
            "    3: h    BINGET     2",
        ],
        Some("memo key 2 has never been stored into (at byte 3)"),
    ),
    (
        b"(j\x02\0\0\0.",
        &["    0: (    MARK", "    1: j        LONG_BINGET 2"],
        Some("memo key 2 has never been stored into (at byte 1)"),
    ),
    (
        b"g01\n.",
        &["    0: g    GET        True"],
        Some("memo key True has never been stored into (at byte 0)"),
    ),
    (
        b"g18446744073709551616\n.",
        &["    0: g    GET        18446744073709551616"],
        Some("memo key 18446744073709551616 has never been stored into (at byte 0)"),
    ),
    // Operands that are not there.
    (
        b"b",
        &["    0: b    BUILD"],
        Some("tries to pop 2 items from stack with only 0 items (at byte 0)"),
    ),
    (
        b"}K\x01s.",
        &[
            "    0: }    EMPTY_DICT",
            "    1: K    BININT1    1",
            "    3: s    SETITEM",
        ],
        Some("tries to pop 3 items from stack with only 2 items (at byte 3)"),
    ),
    (
        b"K\x01K\x02\x87.",
        &[
            "    0: K    BININT1    1",
            "    2: K    BININT1    2",
            "    4: \\x87 TUPLE3",
        ],
        Some("tries to pop 3 items from stack with only 2 items (at byte 4)"),
    ),
    (
        b"0.",
        &["    0: 0    POP"],
        Some("tries to pop 1 items from stack with only 0 items (at byte 0)"),
    ),
    (
        b".",
        &["    0: .    STOP"],
        Some("tries to pop 1 items from stack with only 0 items (at byte 0)"),
    ),
    // Operands that are left.
    (
        b"]N}.",
        &[
            "    0: ]    EMPTY_LIST",
            "    1: N    NONE",
            "    2: }    EMPTY_DICT",
            "    3: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        Some("stack not empty after STOP: [list, None]"),
    ),
    (
        b"(N.",
        &[
            "    0: (    MARK",
            "    1: N        NONE",
            "    2: .        STOP",
            "highest protocol among opcodes = 0",
        ],
        Some("stack not empty after STOP: [mark]"),
    ),
    (
        b"K\x01G?\xf0\0\0\0\0\0\0\x8c\x01a\x88C\0\x96\0\0\0\0\0\0\0\0)\x8f(\x91\x97U\0I01\n(N.",
        &[
            "    0: K    BININT1    1",
            "    2: G    BINFLOAT   1.0",
            "   11: \\x8c SHORT_BINUNICODE 'a'",
            "   14: \\x88 NEWTRUE",
            "   15: C    SHORT_BINBYTES b''",
            "   17: \\x96 BYTEARRAY8 bytearray(b'')",
            "   26: )    EMPTY_TUPLE",
            "   27: \\x8f EMPTY_SET",
            "   28: (    MARK",
            "   29: \\x91     FROZENSET  (MARK at 28)",
            "   30: \\x97 NEXT_BUFFER",
            "   31: U    SHORT_BINSTRING ''",
            "   33: I    INT        True",
            "   37: (    MARK",
            "   38: N        NONE",
            "   39: .        STOP",
            "highest protocol among opcodes = 5",
        ],
        Some(
            "stack not empty after STOP: [int, float, str, bool, bytes, bytearray, tuple, set\
                , frozenset, buffer, bytes_or_str, int_or_bool, mark]",
        ),
    ),
    // Bytes that cannot be read.
    (
        b"",
        &[],
        Some("the pickle ends before its STOP opcode (at byte 0)"),
    ),
    (
        b"K\x05",
        &["    0: K    BININT1    5"],
        Some("the pickle ends before its STOP opcode (at byte 2)"),
    ),
    (
        b"I12",
        &[],
        Some("the pickle is truncated: INT needs a line that ends in a newline (at byte 0)"),
    ),
    (
        b"Ncmod\n",
        &["    0: N    NONE"],
        Some("the pickle is truncated: GLOBAL needs a line that ends in a newline (at byte 1)"),
    ),
    (
        b"J\x01\x02\x03",
        &[],
        Some("the pickle is truncated: 4 bytes were announced, 3 are left (at byte 0)"),
    ),
    (
        b"(C\x05ab",
        &["    0: (    MARK"],
        Some("the pickle is truncated: 5 bytes were announced, 2 are left (at byte 1)"),
    ),
    (
        b"N\xfe",
        &["    0: N    NONE"],
        Some("byte 0xfe is not an opcode (at byte 1)"),
    ),
    (
        b"\x95\0\0",
        &[],
        Some("the pickle is truncated: 8 bytes were announced, 2 are left (at byte 0)"),
    ),
    // Arguments that cannot be taken.
    (
        b"Ieight\n.",
        &[],
        Some("INT has a bad argument: it is not an int (at byte 0)"),
    ),
    (
        b"L12LL\n.",
        &[],
        Some("LONG has a bad argument: it is not an int (at byte 0)"),
    ),
    (
        b"F1,5\n.",
        &[],
        Some("FLOAT has a bad argument: it is not a float (at byte 0)"),
    ),
    (
        b"S'caf\\xe9'\n.",
        &[],
        Some("STRING has a bad argument: it is not ASCII (at byte 0)"),
    ),
    (
        b"Sa\n.",
        &[],
        Some("STRING has a bad argument: it must be quoted (at byte 0)"),
    ),
    (
        b"S'a\n.",
        &[],
        Some("STRING has a bad argument: it must be quoted (at byte 0)"),
    ),
    (
        b"X\x01\0\0\0\xff.",
        &[],
        Some("BINUNICODE has a bad argument: it is not UTF-8 (at byte 0)"),
    ),
    (
        b"T\xff\xff\xff\xff.",
        &[],
        Some("BINSTRING has a bad argument: a negative length (at byte 0)"),
    ),
    (
        b"\x8b\xff\xff\xff\xff.",
        &[],
        Some("LONG4 has a bad argument: a negative length (at byte 0)"),
    ),
    (
        b"Np\n.",
        &["    0: N    NONE"],
        Some("PUT has a bad argument: it is not an int (at byte 1)"),
    ),
    // Arguments of every kind.
    (
        b"(I-7\nI01\nI 1_0\nL255L\nL-18446744073709551616\nF1e3\nF-inf\nS'a\\n\\'b\"'\nV\\u20a\
            c\xe9\\ud800\nPsome id\ncmod.sub\nC.D\nt.",
        &[
            "    0: (    MARK",
            "    1: I        INT        -7",
            "    5: I        INT        True",
            "    9: I        INT        10",
            "   15: L        LONG       255",
            "   21: L        LONG       -18446744073709551616",
            "   44: F        FLOAT      1000.0",
            "   49: F        FLOAT      -inf",
            "   55: S        STRING     'a\\n\\'b\"'",
            "   66: V        UNICODE    '\u{20ac}\u{e9}\\ud800'",
            "   81: P        PERSID     'some id'",
            "   90: c        GLOBAL     'mod.sub C.D'",
            "  103: t        TUPLE      (MARK at 0)",
            "  104: .    STOP",
            "highest protocol among opcodes = 0",
        ],
        None,
    ),
    (
        b"(J\xfe\xff\xff\xffK\xffM\x01\x02G\xbf\xb9\x99\x99\x99\x99\x99\x9aT\x03\0\0\0a\xff'U\
            \x01\x80X\x06\0\0\0\xe2\x82\xac\xed\xa0\x80t.",
        &[
            "    0: (    MARK",
            "    1: J        BININT     -2",
            "    6: K        BININT1    255",
            "    8: M        BININT2    513",
            "   11: G        BINFLOAT   -0.1",
            "   20: T        BINSTRING  \"a\u{ff}'\"",
            "   28: U        SHORT_BINSTRING '\\x80'",
            "   31: X        BINUNICODE '\u{20ac}\\ud800'",
            "   42: t        TUPLE      (MARK at 0)",
            "   43: .    STOP",
            "highest protocol among opcodes = 1",
        ],
        None,
    ),
    (
        b"\x80\x02(\x8a\0\x8a\x02\0\xff\x8b\x09\0\0\0\0\0\0\0\0\0\0\0\x01\x82\x01\x83\x01\x02\
            \x84\x01\x02\x03\x04t.",
        &[
            "    0: \\x80 PROTO      2",
            "    2: (    MARK",
            "    3: \\x8a     LONG1      0",
            "    5: \\x8a     LONG1      -256",
            "    9: \\x8b     LONG4      18446744073709551616",
            "   23: \\x82     EXT1       1",
            "   25: \\x83     EXT2       513",
            "   28: \\x84     EXT4       67305985",
            "   33: t        TUPLE      (MARK at 2)",
            "   34: .    STOP",
            "highest protocol among opcodes = 2",
        ],
        None,
    ),
    (
        b"\x96\x04\0\0\0\0\0\0\0it's.",
        &[
            "    0: \\x96 BYTEARRAY8 bytearray(b\"it\\'s\")",
            "   13: .    STOP",
            "highest protocol among opcodes = 5",
        ],
        None,
    ),
    (
        b"\x80\x05\x95%\0\0\0\0\0\0\0(B\x02\0\0\0'\0C\x01\"\x8e\x01\0\0\0\0\0\0\0\xff\x8c\0\
            \x8d\x01\0\0\0\0\0\0\0\x7f\x96\x01\0\0\0\0\0\0\0at.",
        &[
            "    0: \\x80 PROTO      5",
            "    2: \\x95 FRAME      37",
            "   11: (    MARK",
            "   12: B        BINBYTES   b\"'\\x00\"",
            "   19: C        SHORT_BINBYTES b'\"'",
            "   22: \\x8e     BINBYTES8  b'\\xff'",
            "   32: \\x8c     SHORT_BINUNICODE ''",
            "   34: \\x8d     BINUNICODE8 '\\x7f'",
            "   44: \\x96     BYTEARRAY8 bytearray(b'a')",
            "   54: t        TUPLE      (MARK at 11)",
            "   55: .    STOP",
            "highest protocol among opcodes = 5",
        ],
        None,
    ),
];

/// A pickle, and its optimized form or the error.
pub type Optimized = (&'static [u8], Result<&'static [u8], &'static str>);

/// What `optimize` makes of odd pickles.
pub const OPTIMIZED: &[Optimized] = &[
    // Entries that nothing refers to, and those that something does.
    (b"N.", Ok(b"N.")),
    (b"Np0\n.", Ok(b"N.")),
    (b"Nq\0.", Ok(b"N.")),
    (b"\x80\x04N\x94.", Ok(b"\x80\x04N.")),
    (b"(Np0\ng0\nt.", Ok(b"(Np0\ng0\nt.")),
    (
        b"(Kaq\x05Kbq\x09Kcq\x07h\x09h\x07t.",
        Ok(b"(KaKbq\0Kcq\x01h\0h\x01t."),
    ),
    (
        b"(Kar\x05\0\0\0Kbr\x09\x01\0\0h\x05j\x09\x01\0\0t.",
        Ok(b"(Kaq\0Kbq\x01h\0h\x01t."),
    ),
    // Kinds of opcodes: those of the protocol that PROTO and GETs call for.
    (b"(N\x94h\0t.", Ok(b"(Nq\0h\0t.")),
    (b"(N\x94g0\nt.", Ok(b"(Np0\ng0\nt.")),
    (b"(Nr\0\0\0\0g0\nt.", Ok(b"(Np0\ng0\nt.")),
    (b"(Np0\nh\0t.", Ok(b"(Nq\0h\0t.")),
    (b"(Np0\nj\0\0\0\0t.", Ok(b"(Nq\0h\0t.")),
    (b"\x80\0(Np0\ng0\nt.", Ok(b"\x80\0(Np0\ng0\nt.")),
    (b"\x80\0(Np0\nh\0t.", Ok(b"\x80\0(Nq\0h\0t.")),
    (b"\x80\x01(N\x94g0\nt.", Ok(b"\x80\x01(Nq\0h\0t.")),
    (b"\x80\x03(N\x94j\0\0\0\0t.", Ok(b"\x80\x03(Nq\0h\0t.")),
    (
        b"\x80\x04(Np3\ng3\nt.",
        Ok(b"\x80\x04\x95\x07\0\0\0\0\0\0\0(N\x94h\0t."),
    ),
    (b"(\x8c\x01aq\0h\0\x93t.", Ok(b"(\x8c\x01aq\0h\0\x93t.")),
    // Keys: Python's ints, however they are spelled.
    (b"(Np01\ng1\nt.", Ok(b"(Np0\ng0\nt.")),
    (b"(Np1\ng01\nt.", Ok(b"(Np0\ng0\nt.")),
    (b"(Np00\nh\0t.", Ok(b"(Nq\0h\0t.")),
    (b"(Np-5\ng-5\nt.", Ok(b"(Np0\ng0\nt.")),
    (b"(Np 1_0 \nh\nt.", Ok(b"(Nq\0h\0t.")),
    (
        b"(Np18446744073709551616\ng+18446744073709551616\nt.",
        Ok(b"(Np0\ng0\nt."),
    ),
    (b"(Np-0\nh\0t.", Ok(b"(Nq\0h\0t.")),
    (b"(Nr\xff\xff\xff\xffj\xff\xff\xff\xfft.", Ok(b"(Nq\0h\0t.")),
    // Entries that are stored again, and what follows them.
    (b"(Np0\np0\ng0\nt.", Ok(b"(Np0\np1\ng1\nt.")),
    (b"(Kaq\0h\0Kbq\0h\0t.", Ok(b"(Kaq\0h\0Kbq\x01h\x01t.")),
    (b"(Nq\0h\0q\x01h\x01h\0t.", Ok(b"(Nq\0h\0q\x01h\x01h\0t.")),
    // MEMOIZE stores at the number of entries.
    (b"(Nq\x05N\x94h\x01t.", Ok(b"(NNq\0h\0t.")),
    (b"(Nq\x01N\x94h\x01t.", Ok(b"(Nq\0Nq\x01h\x01t.")),
    (b"(N\x94q\x01N\x94h\x02t.", Ok(b"(NNq\0h\0t.")),
    (b"(Nq\0q\0N\x94h\x01t.", Ok(b"(NNq\0h\0t.")),
    (b"(Np-1\nN\x94h\x01t.", Ok(b"(NNq\0h\0t.")),
    (
        b"\x80\x04(Kaq\x02Kb\x94Kc\x94h\x02t.",
        Ok(b"\x80\x04\x95\x0d\0\0\0\0\0\0\0(Ka\x94KbKc\x94h\x01t."),
    ),
    (
        b"\x80\x04(N\x94\x94\x94h\x02h\0t.",
        Ok(b"\x80\x04\x95\n\0\0\0\0\0\0\0(N\x94\x94h\x01h\0t."),
    ),
    // Entries of nothing are moved as others are.
    (b"p0\ng0\n.", Ok(b"p0\ng0\n.")),
    (b"(q\0h\0t.", Ok(b"(q\0h\0t.")),
    // Entries that are not there, or not yet.
    (
        b"g0\n.",
        Err("memo key 0 has never been stored into (at byte 0)"),
    ),
    (
        b"h\0.",
        Err("memo key 0 has never been stored into (at byte 0)"),
    ),
    (
        b"\x80\x04j\x01\0\0\0.",
        Err("memo key 1 has never been stored into (at byte 2)"),
    ),
    (
        b"(g0\nNp0\nt.",
        Err("memo key 0 has never been stored into (at byte 1)"),
    ),
    (
        b"(h\0Nq\0t.",
        Err("memo key 0 has never been stored into (at byte 1)"),
    ),
    (
        b"(Nq\0h\x01t.",
        Err("memo key 1 has never been stored into (at byte 4)"),
    ),
    (
        b"\x80\x02(Nq\0h\0j\x01\0\0\0t.",
        Err("memo key 1 has never been stored into (at byte 8)"),
    ),
    (
        b"g01\n.",
        Err("memo key True has never been stored into (at byte 0)"),
    ),
    // PROTO stands where it stood, in front of the frames or in one.
    (b"\x80\x04(NNt.", Ok(b"\x80\x04\x95\x05\0\0\0\0\0\0\0(NNt.")),
    (
        b"\x80\x04(NNt.rest",
        Ok(b"\x80\x04\x95\x05\0\0\0\0\0\0\0(NNt."),
    ),
    (
        b"\x80\x02\x80\x04NN0.",
        Ok(b"\x80\x02\x95\x06\0\0\0\0\0\0\0\x80\x04NN0."),
    ),
    (
        b"\x80\x04\x80\x02NN0.",
        Ok(b"\x80\x04\x95\x06\0\0\0\0\0\0\0\x80\x02NN0."),
    ),
    (b"N\x80\x04.", Ok(b"\x95\x04\0\0\0\0\0\0\0N\x80\x04.")),
    (
        b"\x95\x02\0\0\0\0\0\0\0\x80\x04N.",
        Ok(b"\x95\x04\0\0\0\0\0\0\0\x80\x04N."),
    ),
    (b"\x80\x05.", Ok(b"\x80\x05.")),
    (
        b"\x80\x06N.",
        Err("pickle protocol 6 is not supported: 5 is the highest (at byte 0)"),
    ),
    (
        b"\x80\xff(Nq\0t.",
        Err("pickle protocol 255 is not supported: 5 is the highest (at byte 0)"),
    ),
    (
        b"N\x80\x06.",
        Err("pickle protocol 6 is not supported: 5 is the highest (at byte 1)"),
    ),
    (
        b"\x80\x06",
        Err("the pickle ends before its STOP opcode (at byte 2)"),
    ),
    // Frames are made anew, of four bytes and more.
    (
        b"\x80\x04\x95\x04\0\0\0\0\0\0\0NN0.",
        Ok(b"\x80\x04\x95\x04\0\0\0\0\0\0\0NN0."),
    ),
    (b"\x80\x04\x95\x03\0\0\0\0\0\0\0N\x94.", Ok(b"\x80\x04N.")),
    (b"\x80\x04NN0.", Ok(b"\x80\x04\x95\x04\0\0\0\0\0\0\0NN0.")),
    (b"\x80\x04N.", Ok(b"\x80\x04N.")),
    (b"\x95\0\0\0\0\0\0\0\0NN0.", Ok(b"NN0.")),
    (
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xffNN0.",
        Ok(b"\x80\x04\x95\x04\0\0\0\0\0\0\0NN0."),
    ),
    (
        b"\x80\x04\x95\x01\0\0\0\0\0\0\0N\x95\x02\0\0\0\0\0\0\0N0.",
        Ok(b"\x80\x04\x95\x04\0\0\0\0\0\0\0NN0."),
    ),
    (
        b"\x80\x04(N\x95\x05\0\0\0\0\0\0\0\x95\x09\0\0\0\0\0\0\0t.",
        Ok(b"\x80\x04\x95\x04\0\0\0\0\0\0\0(Nt."),
    ),
    // What stands behind STOP is left out.
    (b".", Ok(b".")),
    (b"..", Ok(b".")),
    (b"N.\xff\xff", Ok(b"N.")),
    (b"\x80\x04N.\x80\x04NN0.", Ok(b"\x80\x04N.")),
    // What is not of the memo is copied as it is spelled.
    (
        b"(I007\nI00\nL7\nF1e0\nS\"a\"\nU\x01\xffcm\nC\nPid\nt.",
        Ok(b"(I007\nI00\nL7\nF1e0\nS\"a\"\nU\x01\xffcm\nC\nPid\nt."),
    ),
    (
        b"\x80\x02\x8a\x03\x01\0\0.",
        Ok(b"\x80\x02\x8a\x03\x01\0\0."),
    ),
    (
        b"\x80\x04\x8d\x01\0\0\0\0\0\0\0a.",
        Ok(b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8d\x01\0\0\0\0\0\0\0a."),
    ),
    (
        b"(Kaq\0)\x81}q\x01h\0Nsb20t.",
        Ok(b"(Kaq\0)\x81}h\0Nsb20t."),
    ),
    (b"\x80\x05\x97\x98\x94.", Ok(b"\x80\x05\x97\x98.")),
    // Bytes that cannot be read.
    (
        b"",
        Err("the pickle ends before its STOP opcode (at byte 0)"),
    ),
    (
        b"N",
        Err("the pickle ends before its STOP opcode (at byte 1)"),
    ),
    (b"\xff", Err("byte 0xff is not an opcode (at byte 0)")),
    (b"N\xff", Err("byte 0xff is not an opcode (at byte 1)")),
    (
        b"K",
        Err("the pickle is truncated: 1 bytes were announced, 0 are left (at byte 0)"),
    ),
    (
        b"I12",
        Err("the pickle is truncated: INT needs a line that ends in a newline (at byte 0)"),
    ),
    (
        b"Ncmod\n",
        Err("the pickle is truncated: GLOBAL needs a line that ends in a newline (at byte 1)"),
    ),
    (
        b"(C\x05ab",
        Err("the pickle is truncated: 5 bytes were announced, 2 are left (at byte 1)"),
    ),
    (
        b"\x95\x02\0",
        Err("the pickle is truncated: 8 bytes were announced, 2 are left (at byte 0)"),
    ),
    (
        b"\x95\x02\0\0\0\0\0\0\0N",
        Err("the pickle ends before its STOP opcode (at byte 10)"),
    ),
    // Arguments that cannot be taken.
    (
        b"Ieight\n.",
        Err("INT has a bad argument: it is not an int (at byte 0)"),
    ),
    (
        b"L12LL\n.",
        Err("LONG has a bad argument: it is not an int (at byte 0)"),
    ),
    (
        b"F1,5\n.",
        Err("FLOAT has a bad argument: it is not a float (at byte 0)"),
    ),
    (
        b"S'caf\xe9'\n.",
        Err("STRING has a bad argument: it is not ASCII (at byte 0)"),
    ),
    (
        b"Sa\n.",
        Err("STRING has a bad argument: it must be quoted (at byte 0)"),
    ),
    (
        b"X\x01\0\0\0\xff.",
        Err("BINUNICODE has a bad argument: it is not UTF-8 (at byte 0)"),
    ),
    (
        b"T\xff\xff\xff\xff.",
        Err("BINSTRING has a bad argument: a negative length (at byte 0)"),
    ),
    (
        b"Np\n.",
        Err("PUT has a bad argument: it is not an int (at byte 1)"),
    ),
    (
        b"NpTrue\n.",
        Err("PUT has a bad argument: it is not an int (at byte 1)"),
    ),
    (
        b"Np1L\n.",
        Err("PUT has a bad argument: it is not an int (at byte 1)"),
    ),
    (
        b"Np1\0\n.",
        Err("PUT has a bad argument: it is not an int (at byte 1)"),
    ),
    (
        b"Np777777777777x\n.",
        Err("PUT has a bad argument: it is not an int (at byte 1)"),
    ),
];

/// Pickles of more bytes than a frame takes, by what they show.
#[must_use]
pub fn large() -> Vec<(&'static str, Vec<u8>)> {
    let text = |len: usize, byte: u8| {
        let count = u32::try_from(len).expect("it is short").to_le_bytes();
        [&b"B"[..], &count, &vec![byte; len]].concat()
    };
    let line = |len: usize| [&b"V"[..], &vec![b'a'; len], b"\n"].concat();
    let list = |header: &[u8], items: &[&[u8]]| {
        let items = items.concat();
        [header, b"(", &items, b"l."].concat()
    };
    // Every second entry is referred to.
    let memo = |header: &[u8], opcode: fn(u8, u32) -> Vec<u8>| {
        let puts = (0..600).flat_map(|index| [b"N".to_vec(), opcode(b'p', index)].concat());
        let gets = (0..600).step_by(2).flat_map(|index| opcode(b'g', index));
        list(header, &[&puts.chain(gets).collect::<Vec<u8>>()])
    };
    const P4: &[u8] = b"\x80\x04";
    let small = text(97, b's');
    let many = small.repeat(2_000);
    // The header of BINBYTES is of five bytes, and a frame's target is 65,536.
    vec![
        (
            "small opcodes end a frame behind its target",
            list(P4, &[&many]),
        ),
        (
            "a frame ends in front of a PUT",
            list(P4, &[&text(65_529, b'a'), b"Nq\0h\0"]),
        ),
        (
            "a frame ends in front of a GET",
            list(P4, &[b"Nq\0", &text(65_528, b'a'), b"h\0"]),
        ),
        (
            "a frame ends in front of STOP",
            list(P4, &[&text(65_529, b'a')]),
        ),
        (
            "a PUT that is dropped ends no frame",
            list(P4, &[&text(65_530, b'a'), b"q\0"]),
        ),
        (
            "65,535 bytes stand in a frame",
            list(P4, &[&text(65_530, b'a'), b"N"]),
        ),
        (
            "65,536 bytes stand in a frame",
            list(P4, &[b"N", &text(65_531, b'a'), b"N"]),
        ),
        (
            "65,537 bytes stand outside",
            list(P4, &[b"NNN", &text(65_532, b'a'), b"NNNN"]),
        ),
        (
            "frames of less than four bytes have no header",
            list(P4, &[&text(70_000, b'a'), b"NN", &text(70_000, b'b')]),
        ),
        (
            "nothing stands between two that are large",
            list(P4, &[&text(70_000, b'a'), &text(70_000, b'b')]),
        ),
        (
            "a long line stands outside",
            list(P4, &[b"NNN", &line(70_000), b"NNNN"]),
        ),
        (
            "a frame around what is large",
            list(
                b"\x80\x04\x95\x78\x11\x01\0\0\0\0\0",
                &[&text(70_000, b'a')],
            ),
        ),
        (
            "no frames below protocol 4",
            list(b"\x80\x03", &[&text(70_000, b'a'), &many]),
        ),
        (
            "no frames without a PROTO",
            list(b"", &[&text(70_000, b'a'), &many]),
        ),
        ("many entries in protocol 0", memo(b"", text_opcode)),
        (
            "many entries in protocol 2",
            memo(b"\x80\x02", binary_opcode),
        ),
        (
            "many entries in protocol 5",
            memo(b"\x80\x05", binary_opcode),
        ),
    ]
}

/// PUT or GET.
fn text_opcode(kind: u8, index: u32) -> Vec<u8> {
    format!("{}{index}\n", char::from(kind)).into_bytes()
}

/// The LONG_BINPUT of a PUT, the LONG_BINGET of a GET.
fn binary_opcode(kind: u8, index: u32) -> Vec<u8> {
    let code = if kind == b'p' { b'r' } else { b'j' };
    [&[code][..], &index.to_le_bytes()].concat()
}
