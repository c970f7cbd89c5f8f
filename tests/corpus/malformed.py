"""The bytes of pickles written by hand: (group, options of the unpickler, pickles). See handmade.py."""
import struct


def u4(number):
    return struct.pack('<I', number)


def u8(number):
    return struct.pack('<Q', number)


def framed(payload, claim=None):
    return b'\x95' + u8(len(payload) if claim is None else claim) + payload


INT = b'cbuiltins\nint\n'
LIST = b'cbuiltins\nlist\n'
LEN = b'cbuiltins\nlen\n'
ERROR = b'cbuiltins\nValueError\n'
PLAIN = b'czoo\nPlain\n'
SLOTS = b'czoo\nSlots\n'

GROUPS = [
    ('constants', '', [b'N.', b'\x88.', b'\x89.', b').', b'].', b'}.', b'\x8f.', b'(t.', b'(l.', b'(d.', b'(\x91.']),
    # Operands missing, or a mark where an operand should be
    ('stack', '', [
        b'.', b'0', b'1', b'2', b'(2', b'R', b')R', b'a', b'Na', b'b', b'Nb', b'd', b'e', b'(e',
        b'ibuiltins\nlist\n', b'l',
        b'o', b'(o', b'p1\n', b'q\0', b'r\0\0\0\0', b's', b'Ns', b'NNs', b't', b'u', b'(u', b'}(Nu', b'\x81',
        b')\x81',
        b'\x85', b'\x86', b'N\x86', b'\x87', b'N\x87', b'NN\x87', b'\x90', b'(\x90', b'\x91', b'\x92', b')}\x92',
        b'\x93',
        b'Vlist\n\x93', b'\x94', b'\x98', b'Q', b'(.', b'((.', b'N0.', b'N00.', b'(0.', b'(00.', b'(1.', b'N(0.',
        b'N(1.',
        b'N(N1.', b'N(NN1.', b'N((1.', b'N((11.']),
    ('mark', '', [
        b'N(.', b'N(2', LIST + b')(R', LIST + b'()R', b']N(a', ERROR + b')R}(b', ERROR + b')R(}b', b'(Nd',
        b'N(p1\n', b'N(q\0',
        b'N(r\0\0\0\0', b'}NN(s', b'}N(Ns', b'}(NNs', b'}((u', LIST + b')(\x81', LIST + b'()\x81', b'N(\x85',
        b'NN(\x86',
        b'N(N\x86', b'NNN(\x87', b'NN(N\x87', b'N(NN\x87', b']((\x90', LIST + b')}(\x92', LIST + b')(}\x92',
        LIST + b'()}\x92', b'Vbuiltins\n(Vlist\n\x93', b'Vbuiltins\nVlist\n(\x93', b'N(\x94', b'N(Q', b'](Na.',
        b'((t(tt.',
        b'((N.', b'N(N.', b'(K\x01K\x02.']),
    ('duplicates', '', [
        b'((l2t.', b']2\x86.', b'N2\x86.', b'}2\x86.', b'K\x012\x86.', b'(NNN0t.', b'(K\x01(K\x02K\x031t.',
        b'](K\x01K\x021.',
        b')2\x86.', b'NN.', b'K\x01K\x02.', b'K\x010K\x02.', b'N.N.', b'N.garbage', b'K\x01.\xff']),
    # Cut off inside of an opcode's argument
    ('cut', '', [
        b'', b'N', b'B', b'B\x03\0\0', b'B\x03\0\0\0', b'B\x03\0\0\0ab', b'C', b'C\x03', b'C\x03ab', b'F', b'F0.0',
        b'F0.00',
        b'G', b'G\0\0\0\0\0\0\0', b'I', b'I0', b'J', b'J\0\0\0', b'K', b'L', b'L0', b'L10', b'L0L', b'L10L', b'M',
        b'M\0',
        b'P', b'Pabc', b'S', b"S'abc'", b'T', b'T\x03\0\0', b'T\x03\0\0\0', b'T\x03\0\0\0ab', b'U', b'U\x03',
        b'U\x03ab',
        b'V', b'Vabc', b'X', b'X\x03\0\0', b'X\x03\0\0\0', b'X\x03\0\0\0ab', b'(c', b'(cbuiltins', b'(cbuiltins\n',
        b'(cbuiltins\nlist', b'Ng', b'Ng0', b'(i', b'(ibuiltins', b'(ibuiltins\n', b'(ibuiltins\nlist', b'Nh', b'Nj',
        b'Nj\0\0\0', b'Np', b'Np0', b'Nq', b'Nr', b'Nr\0\0\0', b'\x80', b'\x82', b'\x83', b'\x83\x01', b'\x84',
        b'\x84\x01\0\0',
        b'\x8a', b'\x8a\x02a', b'\x8b', b'\x8b\0\0\0', b'\x8b\x02\0\0\0a', b'\x8c', b'\x8c\x03', b'\x8c\x03ab',
        b'\x8d',
        b'\x8d' + u8(3)[:7], b'\x8d' + u8(3), b'\x8d' + u8(3) + b'ab', b'\x8e', b'\x8e' + u8(3)[:7], b'\x8e' + u8(3),
        b'\x8e' + u8(3) + b'ab', b'\x96', b'\x96' + u8(3)[:7], b'\x96' + u8(3), b'\x96' + u8(3) + b'ab', b'\x95',
        b'\x95' + u8(2)[:7], b'\x95' + u8(2), b'\x95' + u8(2) + b'N']),
    # The memo
    ('memo', '', [
        b'g0\np0', b'jens:', b'hens:', b'((Kdtp0\nh\0l.))', b'((lp100000\ng100000\nt.', b'(]q\xffh\xfft.',
        b'(]r\0\0\1\0j\0\0\1\0t.', b'Va\np-1\n.', b'\x80\3X\1\0\0\0ar\xff\xff\xff\xff.', b'Na\np\n.', b'Np\n.',
        b'Npx\n.', b'Np1x\n.',
        b'Np 1\ng1\n.', b'Np1 \n0g1\n.', b'Np+1\n0g1\n.', b'Np01\n0g1\n.', b'Np1_0\n0g10\n.', b'Np0x1\n.',
        b'g-1\n.', b'g\n.',
        b'gx\n.', b'h\0.', b'j\0\0\0\0.', b'Nq\0h\1.', b'N\x94h\0\x86.', b'N\x940]\x940h\1.', b'Nq\5\x94h\1\x86.',
        b'Nq\0]q\0h\0\x86.', b'K\1q\0K\2q\0h\0\x87.', b'(q\0.', b'Np1\n0g01\n.', b'Np1L\n.', b'Np1.5\n.',
        b'Np99999999999999999999\n.',
        b'g99999999999999999999\n.', b']q\0]q\1(h\0h\1h\0t.', b'N\x94N\x94\x94h\2.', b'Np3\n\x94h\1.']),
    # Text integers: C's strtol with base 0, and int() where that leaves a rest
    ('int', '', [b'I%s\n.' % digits for digits in (
        b'0', b'1', b'-1', b'+1', b'00', b'01', b'001', b'010', b'-010', b'08', b'09', b'0x10', b'0X1f', b'-0x1',
        b'0b11', b'0o17',
        b'1_0', b'1__0', b'_1', b'1_', b' 1', b'1 ', b'\t1', b'1\t', b' 01', b'01 ', b'1L', b'1l', b'0L', b'', b' ',
        b'-', b'+',
        b'- 1', b'--1', b'1.0', b'1e3', b'JUNK', b'1JUNK', b'\xd9\xa1', b'1\0', b'1\r', b'00\r', b'000',
        b'2147483647',
        b'2147483648', b'9223372036854775807', b'9223372036854775807JUNK', b'9223372036854775808',
        b'-9223372036854775808',
        b'-9223372036854775809', b'0777777777777777777777', b'01777777777777777777777', b'0xffffffffffffffff',
        b'18446744073709551616', b'1' * 30, b'1' * 4300, b'1' * 4301, b'None', b'True')]),
    ('long', '', [b'L%s\n.' % digits for digits in (
        b'0', b'0L', b'1L', b'-1L', b'+1L', b'1', b'1l', b'L', b'', b'LL', b'1LL', b'01L', b'010', b'010L', b'08L',
        b'0x10L', b'1_0L', b' 1L',
        b'1L ', b'1 L', b'\t1', b'1.0L', b'JUNK', b'-', b'12345678901234567890L', b'1' * 4300, b'1' * 4300 + b'L',
        b'1' * 4301 + b'L',
        b'1\r', b'-0L', b'\xd9\xa1L')]),
    ('binary-int', '', [
        b'K\0.', b'K\xff.', b'M\0\0.', b'M\xff\xff.', b'J\0\0\0\0.', b'J\xff\xff\xff\xff.', b'J\0\0\0\x80.',
        b'J\xff\xff\xff\x7f.',
        b'\x8a\0.', b'\x8a\1\0.', b'\x8a\1\xff.', b'\x8a\1\x80.', b'\x8a\2\xff\0.', b'\x8a\2\xff\xff.',
        b'\x8a\3\1\0\0.',
        b'\x8a\4\0\0\0\x80.', b'\x8a\x08' + b'\xff' * 7 + b'\x7f.', b'\x8a\x09' + b'\0' * 8 + b'\x80.',
        b'\x8a\xff' + b'\1' * 255 + b'.',
        b'\x8b\0\0\0\0.', b'\x8b\1\0\0\0\x80.', b'\x8b\2\0\0\0\xff\0.', b'\x8b\xff\xff\xff\xff.', b'\x8b\0\0\0\x80.',
        b'\x8b' + u4(256) + b'\1' * 256 + b'.', b'\x8b\xff\xff\xff\x7fa']),
    ('float', '', [b'F%s\n.' % digits for digits in (
        b'0', b'1', b'-0.0', b'1.5', b'+1.5', b'.5', b'5.', b'.', b'1e5', b'1E5', b'1e+5', b'1e-5', b'1e', b'1e400',
        b'-1e400', b'1e-400',
        b'inf', b'-inf', b'+inf', b'Infinity', b'INF', b'nan', b'-nan', b'NaN', b'nan(1)', b'1_0.5', b'1_0', b' 1',
        b'1 ', b'\t1', b'',
        b' ', b'-', b'0x1p3', b'1L', b'1j', b'1,5', b'1.5JUNK', b'\xd9\xa1', b'1\0', b'1\r', b'1' * 400,
        b'0.' + b'1' * 400,
        b'infinit', b'--1')]),
    ('binary-float', '', [b'G' + struct.pack('>d', number) + b'.' for number in (0.0, -0.0, 1.5, float('inf'),
        5e-324)] + [
        b'G\x7f\xf8\0\0\0\0\0\0.', b'G\x7f\xf0\0\0\0\0\0\1.', b'G\xff\xf8\0\0\0\0\0\0.']),
    # Strings of Python 2
    ('quoted', '', [b'S%s\n.' % quoted for quoted in (
        b"''", b'""', b"'a'", b'"a"', b'"\\n"', b"'\\n'", b"'", b'"', b"' ", b'" ', b"'\"", b'"\'', b"' ' ",
        b'" " ', b" ''", b' ""',
        b' ', b'', b"'\\'", b"'\\", b"a'", b"a", b"''a", b"'a''b'", b"'a'b'", b"'\\x41'", b"'\\x4'", b"'\\x'",
        b"'\\101'", b"'\\8'",
        b"'\\777'", b"'\\400'", b"'\\0'", b"'\\q'", b"'\\\\'", b"'\\''", b"'\\u0041'", b"'\\N{BULLET}'", b"'\xe9'",
        b"'\\xe9'", b"'\t'",
        b"'a'\r", b"'a' ", b"'a\0b'", b"u'a'", b"b'a'")] + [b'S.', b"S'a'.", b'S\n']),
    ('quoted-bytes', 'encoding=bytes', [b"S'a\\x00\\xa0'\n.", b"S'\xe9'\n.", b"S''\n.", b'U\3a\0\xa0.',
        b'\x80\2U\3a\0\xa0.',
                                        b'T\4\0\0\0\xff\xfea\0.', b'V\\u03c0\n.', b'X\2\0\0\0\xcf\x80.',
                                        b'T' + u4(300) + b'x' * 300 + b'.',
                                        b"S'\\400'\n.", b'(U\1aU\1bd.']),
    ('quoted-latin-1', 'encoding=latin-1', [b"S'a\\x00\\xa0'\n.", b"S'\xe9'\n.", b'U\1\xe9.', b'T\1\0\0\0\xe9.']),
    ('quoted-koi8', 'encoding=koi8-r', [b'\x80\3U\0q\0.', b'U\1\xf0.', b"S'\\xf0'\n."]),
    ('quoted-utf-8', 'encoding=utf-8', [b'U\2\xc3\xa9.', b'U\1\xe9.', b'U\3\xed\xa0\x80.']),
    ('quoted-ignore', 'encoding=ASCII errors=ignore', [b'U\3a\xe9b.', b"S'a\\xe9b'\n."]),
    ('quoted-replace', 'encoding=ASCII errors=replace', [b'U\3a\xe9b.']),
    ('quoted-surrogateescape', 'encoding=ASCII errors=surrogateescape', [b'U\3a\xe9b.']),
    ('quoted-unknown', 'encoding=no-such-codec', [b'U\1a.', b'U\0.', b'N.']),
    ('short-string', '', [b'U\0.', b'U\1a.', b'U\1\xe9.', b'T\0\0\0\0.', b'T\1\0\0\0a.', b'T\1\0\0\0\xe9.',
        b'T\xff\xff\xff\xff.',
                          b'T\0\0\0\x80.', b'T\xff\xff\xff\x7fa']),
    # Text
    ('unicode', '', [b'V%s\n.' % text for text in (
        b'', b'a', b'caf\xe9', b'\xff', b'\\u03c0', b'\\U0001f600', b'\\U00110000', b'\\u12', b'\\u', b'\\U0001',
        b'\\x41', b'\\\\', b'\\',
        b'\\n', b'\\N{BULLET}', b'\\ud800', b'\\ud83d\\ude00', b'\\udc00\\ud800', b'a\rb', b'a\0b', b'a\x1ab',
        b' a ', b'\\\\u0041',
        b'\\\\\\u0041', b'\\u0000', b'\\u000a', b'\xe2\x82\xac', b'\\u005cu0041', b'\\u005c')]),
    ('binary-unicode', '', [b'X' + u4(len(text)) + text + b'.' for text in (
        b'', b'a', b'\xcf\x80', b'\xf0\x9f\x98\x80', b'\xff', b'\xcf', b'\xc0\x80', b'\xed\xa0\x80',
        b'\xed\xa0\xbd\xed\xb8\x80',
        b'\xf4\x90\x80\x80', b'\xf0\x80\x80\x80', b'a\0b', b'\xef\xbb\xbfa', b'\xe2\x82')]),
    ('short-unicode', '', [b'\x8c' + bytes([len(text)]) + text + b'.' for text in (
        b'', b'\xe2\x82\xac\0', b'\xff', b'\xed\xb0\x80')]),
    ('sizes', '', [
        b'C\4\xe2\x82\xac\0.', b'B\4\0\0\0\xe2\x82\xac\0.', b'\x8e' + u8(4) + b'\xe2\x82\xac\0.',
        b'\x8d' + u8(4) + b'\xe2\x82\xac\0.',
        b'\x96' + u8(3) + b'xxx.', b'\x8e' + u8(0) + b'.', b'\x8d' + u8(0) + b'.', b'\x96' + u8(0) + b'.',
        b'B\xff\xff\xff\xffxyzq\0.',
        b'X\xff\xff\xff\xffxyzq\0.', b'\x8e\4\0\0\0\1\0\0\0\xe2\x82\xac\0.', b'\x96\4\0\0\0\1\0\0\0\xe2\x82\xac\0.',
        b'\x8d\4\0\0\0\1\0\0\0\xe2\x82\xac\0.'] + [opcode + u8(size) + b'.' for opcode in (b'\x8d', b'\x8e',
        b'\x96', b'\x95') for size in (
            2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1)]),
    # Containers
    ('tuple', '', [b'(t.', b'(NNNNt.', b'N\x85.', b'NN\x86.', b'NNN\x87.', b'N(t.', b'((((ttt.', b'((((tttt.']),
    ('append', '', [
        b']Na.', b'](e.', b'](Ne.', b'](NNe.', b'N(e.', b'K\1(e.', b')(e.', b'}(e.', b'N(Ne.', b'}Na.', b')Na.',
        b'K\1Na.', b'K\1(Ne.',
        LIST + b')RNa.', LIST + b')R(NNe.', b'ccollections\ndeque\n)RNa.', b'ccollections\ndeque\n)R(NNe.',
        b'czoo\nReduce2\nK\1\x85RNa.',
        b'czoo\nReduce2\nK\1\x85R(NNe.', b'czoo\nReduce2\nK\1\x85R(e.', PLAIN + b')\x81Na.', PLAIN + b')\x81(Ne.',
        PLAIN + b')\x81(e.',
        b'\x8fNa.', b'\x8f(Ne.', b'\x96' + u8(1) + b'aK\x62a.', b']]q\0aq\1h\0a.', b']q\0h\0a.', b'](]q\0h\0e.',
        b'czoo\nList\n)\x81Na.',
        b'czoo\nList\n)\x81(NNe.']),
    ('dict', '', [
        b'(d.', b'(K\1K\2d.', b'(K\1d.', b'(K\1K\2K\3d.', b'(]Nd.', b'(K\1NK\1\x88d.', b'(K\1N\x88Nd.',
        b'(K\1NG?\xf0\0\0\0\0\0\0\x89d.',
        b'}K\1K\2s.', b'}]Ns.', b'}}Ns.', b'}\x8fNs.', b'})Ns.', b'}]\x85Ns.', b'}(u.', b'}(K\1u.', b'}(K\1K\2u.',
        b'}(K\1K\2K\3u.',
        b'}(K\1K\2K\1K\3u.', b'}(]Nu.', b'N(u.', b'K\1(u.', b'](u.', b'N(NNu.', b'NNNs.', b']K\0Ns.', b']NaK\0Ks',
        b']NaK\0K\7s.',
        b']Na(K\0K\7u.', b'K\1NNs.', b'K\1(NNu.', b')NNs.', b'ccollections\nOrderedDict\n)RK\1Ns.',
        b'ccollections\nOrderedDict\n)R(K\1Nu.',
        b'czoo\nReduce2\nK\1\x85RK\1Ns.', b'czoo\nReduce2\nK\1\x85R(K\1NK\2Nu.', PLAIN + b')\x81K\1Ns.',
        b'czoo\nDict\n)\x81K\1Ns.',
        b'}q\0K\1h\0s.', b'}q\0(K\1h\0u.', b'}q\0h\0Ns.', b'(G\x7f\xf8\0\0\0\0\0\0NG\x7f\xf8\0\0\0\0\0\0Nd.']),
    ('set', '', [
        b'\x8f.', b'\x8f(\x90.', b'\x8f(K\1\x90.', b'\x8f(K\1K\1\x88\x90.', b'\x8f(]\x90.', b'\x8f(\x8f\x90.',
        b'\x8f((\x91\x90.', b'N(\x90.',
        b'K\1(\x90.', b'N(N\x90.', b'](N\x90.', b'](\x90.', b'}(N\x90.', b'cbuiltins\nset\n)R(K\1\x90.',
        b'cbuiltins\nfrozenset\n)R(K\1\x90.',
        b'(\x91(K\1\x90.', b'czoo\nSet\n)\x81(K\1\x90.', PLAIN + b')\x81(K\1\x90.', PLAIN + b')\x81(\x90.',
        b'(K\1K\2\x91.', b'(]\x91.',
        b'(K\1K\1\x91.', b'\x8fq\0(h\0\x90.', b'\x8f(G\x7f\xf8\0\0\0\0\0\0\x90.']),
    # Names
    ('global', '', [
        b'cbuiltins\nstr\n.', b'cmath\nlog\n.', b'cos.path\njoin\n.', b'\x80\4cbuiltins\nstr.upper\n.',
        b'cbuiltins\nstr.upper\n.',
        b'\x80\3cbuiltins\nstr.upper\n.', b'\x80\4czoo\nOuter.Inner.Leaf\n.', b'\x80\2czoo\nOuter.Inner.Leaf\n.',
        b'\x80\4czoo\nOuter.spam\n.',
        b'c\xff\nlog\n.', b'cmath\n\xff\n.', b'c\nlog\n.', b'cmath\n\n.', b'\x80\4cmath\n\n.', b'cmath\nspam\n.',
        b'\x80\4cmath\nlog.spam\n.',
        b'cmath\nlog.spam\n.', b'\x80\4cmath\nlog.<locals>.spam\n.', b'cmath\nlog.<locals>.spam\n.',
        b'cspam\nlog\n.', b'cmath\r\nlog\r\n.',
        b'c math\nlog\n.', b'cmath\nlog \n.', b'cbuiltins\nlist\n\x80\4cbuiltins\nstr.upper\n.',
        b'\x80\4cbuiltins\nlist.spam\n.']),
    ('stack-global', '', [
        b'\x8c\x08builtins\x8c\3str\x93.', b'\x8c\4math\x8c\3log\x93.', b'\x8c\7os.path\x8c\4join\x93.',
        b'\x80\4\x8c\x08builtins\x8c\x09str.upper\x93.', b'\x8c\x08builtins\x8c\x09str.upper\x93.',
        b'Vbuiltins\nVstr\n\x93.',
        b'X\4\0\0\0mathX\3\0\0\0log\x93.', b'\x8c\1\xff\x8c\3log\x93.', b'\x8c\4math\x8c\1\xff\x93.',
        b'\x8c\0\x8c\3log\x93.', b'\x8c\4math\x8c\0\x93.',
        b'\x80\4\x8c\4math\x8c\0\x93.', b'N\x8c\3log\x93.', b'\x8c\4mathN\x93.', b'\x80\4\x8c\4mathN\x93.',
        b'C\4mathC\3log\x93.', b'U\4mathU\3log\x93.',
        b'\x8c\4math\x94\x8c\3log\x94\x93\x94h\0h\1h\2\x87.', b'czoo\nText\nVmath\n\x85\x81Vlog\n\x93.']),
    ('mapped', '', [
        b'\x80\2c__builtin__\nxrange\nK\1K\7K\1\x87R.', b'\x80\2c__builtin__\nreduce\n.',
        b'\x80\2c__builtin__\nunicode\n.',
        b'\x80\3c__builtin__\nxrange\n.', b'c__builtin__\nxrange\n.', b'\x80\4c__builtin__\nstr\n.',
        b'\x80\2cexceptions\nException\nU\3ugh\x85R.',
        b'\x80\2cexceptions\nStandardError\nU\3ugh\x85R.', b'\x80\2(cUserDict\nUserDict\no}U\4data}K\1K\2ssb.',
        b'\x80\2(cUserDict\nIterableUserDict\no}U\4data}K\1K\2ssb.', b'\x80\2(iUserDict\nUserDict\n.',
        b'\x80\2\x8c\x0b__builtin__\x8c\6xrange\x93.',
        b'\x80\2cbuiltins\nxrange\n.', b'ccopy_reg\n_reconstructor\n(czoo\nPlain\nc__builtin__\nobject\nNtR.',
        b'\x80\3ccopy_reg\n_reconstructor\n.']),
    ('extension', '', [
        b'\x82\xf0.', b'\x83\xf0\0.', b'\x84\xf0\0\0\0.', b'\x83\x34\x12.', b'\x84\x34\x12\0\0.',
        b'\x84\x78\x56\x34\x12.', b'\x82\xf0)\x81.',
        b'\x82\1.', b'\x82\xff.', b'\x83\1\0.', b'\x83\xff\xff.', b'\x84\1\0\0\0.', b'\x84\xff\xff\xff\x7f.',
        b'\x82\0.', b'\x83\0\0.', b'\x84\0\0\0\0.',
        b'\x84\0\0\0\x80.', b'\x84\xff\xff\xff\xff.']),
    ('persistent', '', [b'Pabc\n.', b'P\n.', b'P\xff\n.', b'NQ.', b'K\1Q.', b'Vid\nQ.']),
    # Calls
    ('reduce', '', [
        INT + b')R.', INT + b'K\5\x85R.', b'N)R.', b'K\1)R.', INT + b'NR.', INT + b']R.', INT + b'}R.',
        INT + b'Vx\n\x85R.', LEN + b')R.', LEN + b')\x85R.',
        b'czoo\nmake_reduced\n)R.', b'czoo\nTuple\n)\x85\x81q\0cbuiltins\nlen\nh\0R.', ERROR + b'Vx\n\x85R.',
        INT + b'2)R.']),
    ('newobj', '', [
        INT + b')\x81.', INT + b'K\5\x85\x81.', LEN + b')\x81.', INT + b'N\x81.', INT + b']\x81.', b'N)\x81.',
        b'K\1)\x81.', PLAIN + b')\x81.',
        PLAIN + b'N\x81.', PLAIN + b'K\1\x85\x81.', b'czoo\nfunction\n)\x81.', b'cbuiltins\ntype\n)\x81.',
        b'czoo\nNewArgs\n)\x81.',
        b'czoo\nNewArgs\nK\1K\2\x86\x81.']),
    ('newobj-ex', '', [
        INT + b')}\x92.', INT + b'K\5\x85}\x92.', LEN + b')}\x92.', INT + b'N}\x92.', INT + b')N\x92.',
        INT + b'])\x92.', INT + b'])}\x92.',
        INT + b')]\x92.', INT + b')}Vspam\nNs\x92.', INT + b')}K\1Ns\x92.', b'czoo\nNewArgsEx\n)}\x92.',
        b'czoo\nNewArgsEx\nK\1\x85}Va\nK\2s\x92.',
        b'czoo\nNewArgsEx\n)}U\1aK\2s\x92.', b'N)}\x92.']),
    ('inst', '', [
        b'(ibuiltins\nlist\n.', b'(K\5ibuiltins\nint\n.', b'(izoo\nClassic\n.',
        b'(izoo\nClassic\n(dS\'x\'\nI1\nsb.', b'(izoo\nPlain\n.',
        b'(I1\nizoo\nClassicInit\n.', b'(izoo\nClassicInit\n.', b'(izoo\nClassicInitEmpty\n.',
        b'(izoo\nfunction\n.', b'(imath\nspam\n.',
        b'ibuiltins\nlist\n.', b'N(ibuiltins\nlist\n\x86.', b'(izoo\nNewArgs\n.', b'(I1\nizoo\nPlain\n.',
        b'(i\n\n.', b'(izoo\nmake_reduced\n.',
        b'(ibuiltins\nint\n.', b'(izoo\nSlots\n.']),
    ('obj', '', [
        b'(cbuiltins\nlist\no.', b'(cbuiltins\nint\nK\5o.', b'(czoo\nClassic\no.', b'(czoo\nClassic\no}U\1xK\1sb.',
        b'(czoo\nPlain\no.', b'(No.',
        b'(K\1o.', b'(czoo\nClassicInit\nK\1o.', b'(czoo\nClassicInit\no.', b'(czoo\nfunction\no.',
        b'(czoo\nmake_reduced\no.', b'o.',
        b'(czoo\nPlain\nK\1o.', b'(cbuiltins\nlen\n)o.']),
    ('build', '', [
        PLAIN + b')\x81}b.', PLAIN + b')\x81Nb.', PLAIN + b')\x81K\0b.', PLAIN + b')\x81K\1b.',
        PLAIN + b')\x81\x89b.', PLAIN + b')\x81)b.', PLAIN + b')\x81]b.',
        PLAIN + b')\x81]Nab.', PLAIN + b')\x81Va\nb.', PLAIN + b')\x81(K\1K\2tb.', PLAIN + b')\x81(K\1K\2K\3tb.',
        PLAIN + b')\x81}Vx\nK\1sb.',
        PLAIN + b')\x81}U\1xK\1sb.', PLAIN + b')\x81}K\1K\2sb.', PLAIN + b')\x81}C\1xK\2sb.',
        PLAIN + b')\x81}Vx\nK\1s}Vy\nK\2s\x86b.',
        PLAIN + b')\x81N}Vy\nK\2s\x86b.', PLAIN + b')\x81}Vx\nK\1sN\x86b.', PLAIN + b')\x81NN\x86b.',
        PLAIN + b')\x81N}K\1K\2s\x86b.', PLAIN + b')\x81N]\x86b.',
        PLAIN + b')\x81]N\x86b.', PLAIN + b')\x81}N\x85b.', SLOTS + b')\x81N}Vx\nK\2s\x86b.',
        SLOTS + b')\x81N}Vspam\nK\2s\x86b.', SLOTS + b')\x81}Vx\nK\2sb.',
        SLOTS + b')\x81}b.', SLOTS + b')\x81Nb.', SLOTS + b')\x81}Vx\nK\2s}\x86b.', b'czoo\nStateGiven\n)\x81Nb.',
        b'czoo\nStateGiven\n)\x81K\0b.',
        b'czoo\nStateGiven\n)\x81)b.', b'czoo\nStateTuple\n)\x81K\1b.', b'N}b.', b'NNb.', b'N}Vx\nNsb.', b'K\1}b.',
        b'K\1}Vx\nNsb.', b']}b.', b']}Vx\nNsb.', b'}}b.',
        b'cbuiltins\nobject\n)R}b.', b'cbuiltins\nobject\n)R}Vx\nNsb.', ERROR + b')R}Vx\nK\1sb.',
        b'czoo\nfunction\n}b.', b'czoo\nList\n)\x81}Vx\nK\1sb.',
        PLAIN + b')\x81}Vx\nK\1sb}Vy\nK\2sb.', PLAIN + b')\x81q\0}Vme\nh\0sb.', b'(izoo\nClassic\nNb.']),
    ('nested-name', '', [
        b'cbuiltins\ngetattr\nczoo\nOuter\nVInner\n\x86R.', b'cbuiltins\ngetattr\nczoo\nOuter\nVspam\n\x86R.',
        b'cbuiltins\ngetattr\nczoo\nOuter\n\x85R.',
        b'cbuiltins\ngetattr\nczoo\nOuter\nVspam\nK\5\x87R.', b'cbuiltins\ngetattr\nczoo\nOuter\nK\1\x86R.',
        b'cbuiltins\ngetattr\nNVx\n\x86R.',
        b'cfunctools\npartial\nczoo\nNewArgsEx\n\x85R)R.', b'cfunctools\npartial\n)R.',
        b'cfunctools\npartial\ncbuiltins\ngetattr\nczoo\nNewArgsEx\nV__new__\n\x86Rczoo\nNewArgsEx\n\x86R}Va\nK\1sb)R.']),
    # Protocol and frames
    ('protocol', '', [b'\x80' + bytes([protocol]) + b'N.' for protocol in (0, 1, 2, 3, 4, 5, 6, 7, 127, 128, 255)] + [
        b'\x80\2\x80\3N.', b'N\x80\2.', b'\x80\2N\x80\6.', b'\x80\0\x8f.', b'\x80\0\x8c\1a.',
        b'\x80\0' + framed(b'N.')]),
    ('frame', '', [
        b'\x80\4' + framed(b'I42\n.'), framed(b'N.'), framed(b'') + b'N.', framed(b'N') + b'.', framed(b'N.', 3),
        framed(b'N.', 100), framed(b'N.', 1),
        framed(b'N.', 0), framed(framed(b'N.')), framed(framed(b'N.'), 4), framed(framed(b'N.', 2), 20),
        framed(framed(b'N') + b'.'), framed(b'K') + b'\1.',
        framed(b'K', 2) + b'\1.', framed(b'X\2\0\0\0a') + b'b.', framed(b'C\2a') + b'b.', framed(b'I4') + b'2\n.',
        framed(b'Va') + b'b\n.', framed(b'(') + framed(b't.'),
        framed(b'cbuiltins\n') + b'list\n.', framed(b'\x80') + b'\4N.', framed(b'N') + framed(b'.'),
        framed(b'N') + framed(b'') + b'.', framed(b'N.') + b'rest',
        framed(b'\x95') + u8(2) + b'N.', b'\x80\2' + framed(b'N.'), framed(b'\x80\4N.'), b'N' + framed(b'.'),
        framed(b'N.', 2**63), framed(b'N.', 2**64 - 1),
        framed(b'\x96' + u8(2) + b'a') + b'b.', framed(b'U\2a') + b'b.']),
    ('buffers', '', [b'\x97.', b'\x98.', b'N\x98.', b'C\1a\x98.', b'\x96' + u8(1) + b'a\x98.', b'\x80\5\x97\x98.']),
    ('deep', '', [b'(' * 1000 + b't' * 1000 + b'.', b']' * 1000 + b'a' * 999 + b'.', b'N' + b'\x85' * 1000 + b'.']),
    # Every byte that may or may not be an opcode, with nothing after it
    ('opcode', '', [bytes([byte]) for byte in range(256)]),
    ('opcode-after', '', [b'N' + bytes([byte]) + b'.' for byte in range(256)]),
]
