//! Names that stand for something else: Python 2's, and those that the machine itself interprets.

use pickle_registry::QualName;

// What the machine and the graph see through. Nothing is called: each stands for an opcode that
// lower protocols lack.
pub(crate) const SET: QualName<'_> = QualName::new("builtins", "set");
pub(crate) const FROZENSET: QualName<'_> = QualName::new("builtins", "frozenset");
pub(crate) const BYTES: QualName<'_> = QualName::new("builtins", "bytes");
pub(crate) const BYTEARRAY: QualName<'_> = QualName::new("builtins", "bytearray");
pub(crate) const OBJECT: QualName<'_> = QualName::new("builtins", "object");
pub(crate) const GETATTR: QualName<'_> = QualName::new("builtins", "getattr");
pub(crate) const ENCODE: QualName<'_> = QualName::new("_codecs", "encode");
pub(crate) const PARTIAL: QualName<'_> = QualName::new("functools", "partial");
pub(crate) const RECONSTRUCTOR: QualName<'_> = QualName::new("copyreg", "_reconstructor");
pub(crate) const NEWOBJ: QualName<'_> = QualName::new("copyreg", "__newobj__");
pub(crate) const NEWOBJ_EX: QualName<'_> = QualName::new("copyreg", "__newobj_ex__");

/// Whether a name is that of `known`, as Python 3 has it or, where names were left as they are, as
/// Python 2 has it.
pub(crate) fn is(name: &QualName<'_>, known: &QualName<'_>) -> bool {
    let python2 = || match known.module() {
        "builtins" => name.module() == "__builtin__",
        "copyreg" => name.module() == "copy_reg",
        _ => false,
    };
    name.qualname() == known.qualname() && (name.module() == known.module() || python2())
}

/// Whether names of this module may be among those that the machine and the graph see through.
pub(crate) fn is_seen_through(module: &str) -> bool {
    let known = [SET, ENCODE, PARTIAL, RECONSTRUCTOR];
    matches!(module, "__builtin__" | "copy_reg")
        || known.iter().any(|known| known.module() == module)
}

/// What Python 3 calls a global of Python 2, if it calls it something else. As `_compat_pickle`
/// of 3.13 has it.
pub(crate) fn to_python3<'a>(name: &'a QualName<'_>) -> Option<QualName<'a>> {
    if name.module() == PYTHON2_EXCEPTIONS {
        let known = EXCEPTIONS.iter().find(|known| **known == name.qualname());
        if let Some(known) = known {
            return Some(QualName::new(PYTHON3_EXCEPTIONS, known));
        }
    }
    let mut names = NAMES.iter().chain(NAMES_TO_3);
    if let Some((_, new)) = names.find(|(old, _)| old == name) {
        return Some(new.borrowed());
    }
    let mut modules = MODULES.iter().chain(MODULES_TO_3);
    modules
        .find(|(old, _)| *old == name.module())
        .map(|(_, new)| QualName::new(new, name.qualname()))
}

/// What Python 2 calls a global of Python 3, if it calls it something else.
pub(crate) fn to_python2<'a>(name: &'a QualName<'_>) -> Option<QualName<'a>> {
    if name.module() == PYTHON3_EXCEPTIONS {
        if let Some(known) = EXCEPTIONS.iter().find(|known| **known == name.qualname()) {
            return Some(QualName::new(PYTHON2_EXCEPTIONS, known));
        }
        if OS_ERRORS.contains(&name.qualname()) {
            return Some(QualName::new(PYTHON2_EXCEPTIONS, "OSError"));
        }
    }
    let names = NAMES.iter().map(|(old, new)| (new, old));
    let alone = NAMES_TO_2.iter().map(|(new, old)| (new, old));
    if let Some((_, old)) = names.chain(alone).find(|(new, _)| *new == name) {
        return Some(old.borrowed());
    }
    let modules = MODULES.iter().map(|(old, new)| (new, old));
    let alone = MODULES_TO_2.iter().map(|(new, old)| (new, old));
    modules
        .chain(alone)
        .find(|(new, _)| **new == name.module())
        .map(|(_, old)| QualName::new(old, name.qualname()))
}

const PYTHON2_EXCEPTIONS: &str = "exceptions";
const PYTHON3_EXCEPTIONS: &str = "builtins";

/// Modules that were renamed: in Python 2, in Python 3.
const MODULES: &[(&str, &str)] = &[
    ("__builtin__", "builtins"),
    ("copy_reg", "copyreg"),
    ("Queue", "queue"),
    ("SocketServer", "socketserver"),
    ("ConfigParser", "configparser"),
    ("repr", "reprlib"),
    ("tkFileDialog", "tkinter.filedialog"),
    ("tkSimpleDialog", "tkinter.simpledialog"),
    ("tkColorChooser", "tkinter.colorchooser"),
    ("tkCommonDialog", "tkinter.commondialog"),
    ("Dialog", "tkinter.dialog"),
    ("Tkdnd", "tkinter.dnd"),
    ("tkFont", "tkinter.font"),
    ("tkMessageBox", "tkinter.messagebox"),
    ("ScrolledText", "tkinter.scrolledtext"),
    ("Tkconstants", "tkinter.constants"),
    ("ttk", "tkinter.ttk"),
    ("Tkinter", "tkinter"),
    ("markupbase", "_markupbase"),
    ("_winreg", "winreg"),
    ("thread", "_thread"),
    ("dummy_thread", "_dummy_thread"),
    ("dbhash", "dbm.bsd"),
    ("dumbdbm", "dbm.dumb"),
    ("dbm", "dbm.ndbm"),
    ("gdbm", "dbm.gnu"),
    ("xmlrpclib", "xmlrpc.client"),
    ("SimpleXMLRPCServer", "xmlrpc.server"),
    ("httplib", "http.client"),
    ("htmlentitydefs", "html.entities"),
    ("HTMLParser", "html.parser"),
    ("Cookie", "http.cookies"),
    ("cookielib", "http.cookiejar"),
    ("BaseHTTPServer", "http.server"),
    ("test.test_support", "test.support"),
    ("commands", "subprocess"),
    ("urlparse", "urllib.parse"),
    ("robotparser", "urllib.robotparser"),
    ("urllib2", "urllib.request"),
    ("anydbm", "dbm"),
    ("_abcoll", "collections.abc"),
];

/// Modules that became part of others.
const MODULES_TO_3: &[(&str, &str)] = &[
    ("cPickle", "pickle"),
    ("_elementtree", "xml.etree.ElementTree"),
    ("FileDialog", "tkinter.filedialog"),
    ("SimpleDialog", "tkinter.simpledialog"),
    ("DocXMLRPCServer", "xmlrpc.server"),
    ("SimpleHTTPServer", "http.server"),
    ("CGIHTTPServer", "http.server"),
    ("UserDict", "collections"),
    ("UserList", "collections"),
    ("UserString", "collections"),
    ("whichdb", "dbm"),
    ("StringIO", "io"),
    ("cStringIO", "io"),
];

/// Modules of Python 3 alone that stand for others.
const MODULES_TO_2: &[(&str, &str)] = &[
    ("_bz2", "bz2"),
    ("_dbm", "dbm"),
    ("_functools", "functools"),
    ("_gdbm", "gdbm"),
    ("_pickle", "pickle"),
];

/// Exceptions, which stood in a module of their own: `exceptions`.
const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BufferError",
    "BytesWarning",
    "DeprecationWarning",
    "EOFError",
    "EnvironmentError",
    "Exception",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "ReferenceError",
    "RuntimeError",
    "RuntimeWarning",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
];

/// Exceptions that were no types of their own: Python 2's `OSError`.
const OS_ERRORS: &[&str] = &[
    "BrokenPipeError",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "FileExistsError",
    "FileNotFoundError",
    "InterruptedError",
    "IsADirectoryError",
    "NotADirectoryError",
    "PermissionError",
    "ProcessLookupError",
    "TimeoutError",
];

/// Names that were moved or renamed: in Python 2, in Python 3.
const NAMES: &[(QualName<'_>, QualName<'_>)] = &[
    (
        QualName::new("__builtin__", "xrange"),
        QualName::new("builtins", "range"),
    ),
    (
        QualName::new("__builtin__", "reduce"),
        QualName::new("functools", "reduce"),
    ),
    (
        QualName::new("__builtin__", "intern"),
        QualName::new("sys", "intern"),
    ),
    (
        QualName::new("__builtin__", "unichr"),
        QualName::new("builtins", "chr"),
    ),
    (
        QualName::new("__builtin__", "unicode"),
        QualName::new("builtins", "str"),
    ),
    (
        QualName::new("__builtin__", "long"),
        QualName::new("builtins", "int"),
    ),
    (
        QualName::new("itertools", "izip"),
        QualName::new("builtins", "zip"),
    ),
    (
        QualName::new("itertools", "imap"),
        QualName::new("builtins", "map"),
    ),
    (
        QualName::new("itertools", "ifilter"),
        QualName::new("builtins", "filter"),
    ),
    (
        QualName::new("itertools", "ifilterfalse"),
        QualName::new("itertools", "filterfalse"),
    ),
    (
        QualName::new("itertools", "izip_longest"),
        QualName::new("itertools", "zip_longest"),
    ),
    (
        QualName::new("UserDict", "IterableUserDict"),
        QualName::new("collections", "UserDict"),
    ),
    (
        QualName::new("UserList", "UserList"),
        QualName::new("collections", "UserList"),
    ),
    (
        QualName::new("UserString", "UserString"),
        QualName::new("collections", "UserString"),
    ),
    (
        QualName::new("whichdb", "whichdb"),
        QualName::new("dbm", "whichdb"),
    ),
    (
        QualName::new("_socket", "fromfd"),
        QualName::new("socket", "fromfd"),
    ),
    (
        QualName::new("_multiprocessing", "Connection"),
        QualName::new("multiprocessing.connection", "Connection"),
    ),
    (
        QualName::new("multiprocessing.process", "Process"),
        QualName::new("multiprocessing.context", "Process"),
    ),
    (
        QualName::new("multiprocessing.forking", "Popen"),
        QualName::new("multiprocessing.popen_fork", "Popen"),
    ),
    (
        QualName::new("urllib", "ContentTooShortError"),
        QualName::new("urllib.error", "ContentTooShortError"),
    ),
    (
        QualName::new("urllib", "getproxies"),
        QualName::new("urllib.request", "getproxies"),
    ),
    (
        QualName::new("urllib", "pathname2url"),
        QualName::new("urllib.request", "pathname2url"),
    ),
    (
        QualName::new("urllib", "quote_plus"),
        QualName::new("urllib.parse", "quote_plus"),
    ),
    (
        QualName::new("urllib", "quote"),
        QualName::new("urllib.parse", "quote"),
    ),
    (
        QualName::new("urllib", "unquote_plus"),
        QualName::new("urllib.parse", "unquote_plus"),
    ),
    (
        QualName::new("urllib", "unquote"),
        QualName::new("urllib.parse", "unquote"),
    ),
    (
        QualName::new("urllib", "url2pathname"),
        QualName::new("urllib.request", "url2pathname"),
    ),
    (
        QualName::new("urllib", "urlcleanup"),
        QualName::new("urllib.request", "urlcleanup"),
    ),
    (
        QualName::new("urllib", "urlencode"),
        QualName::new("urllib.parse", "urlencode"),
    ),
    (
        QualName::new("urllib", "urlopen"),
        QualName::new("urllib.request", "urlopen"),
    ),
    (
        QualName::new("urllib", "urlretrieve"),
        QualName::new("urllib.request", "urlretrieve"),
    ),
    (
        QualName::new("urllib2", "HTTPError"),
        QualName::new("urllib.error", "HTTPError"),
    ),
    (
        QualName::new("urllib2", "URLError"),
        QualName::new("urllib.error", "URLError"),
    ),
    (
        QualName::new("multiprocessing", "AuthenticationError"),
        QualName::new("multiprocessing.context", "AuthenticationError"),
    ),
    (
        QualName::new("multiprocessing", "BufferTooShort"),
        QualName::new("multiprocessing.context", "BufferTooShort"),
    ),
    (
        QualName::new("multiprocessing", "ProcessError"),
        QualName::new("multiprocessing.context", "ProcessError"),
    ),
    (
        QualName::new("multiprocessing", "TimeoutError"),
        QualName::new("multiprocessing.context", "TimeoutError"),
    ),
];

/// Names that became the same as others.
const NAMES_TO_3: &[(QualName<'_>, QualName<'_>)] = &[
    (
        QualName::new("__builtin__", "basestring"),
        QualName::new("builtins", "str"),
    ),
    (
        QualName::new("exceptions", "StandardError"),
        QualName::new("builtins", "Exception"),
    ),
    (
        QualName::new("UserDict", "UserDict"),
        QualName::new("collections", "UserDict"),
    ),
    (
        QualName::new("socket", "_socketobject"),
        QualName::new("socket", "SocketType"),
    ),
];

/// Names of Python 3 alone that stand for others: in Python 3, in Python 2.
const NAMES_TO_2: &[(QualName<'_>, QualName<'_>)] = &[
    (
        QualName::new("_functools", "reduce"),
        QualName::new("__builtin__", "reduce"),
    ),
    (
        QualName::new("tkinter.filedialog", "FileDialog"),
        QualName::new("FileDialog", "FileDialog"),
    ),
    (
        QualName::new("tkinter.filedialog", "LoadFileDialog"),
        QualName::new("FileDialog", "LoadFileDialog"),
    ),
    (
        QualName::new("tkinter.filedialog", "SaveFileDialog"),
        QualName::new("FileDialog", "SaveFileDialog"),
    ),
    (
        QualName::new("tkinter.simpledialog", "SimpleDialog"),
        QualName::new("SimpleDialog", "SimpleDialog"),
    ),
    (
        QualName::new("xmlrpc.server", "ServerHTMLDoc"),
        QualName::new("DocXMLRPCServer", "ServerHTMLDoc"),
    ),
    (
        QualName::new("xmlrpc.server", "XMLRPCDocGenerator"),
        QualName::new("DocXMLRPCServer", "XMLRPCDocGenerator"),
    ),
    (
        QualName::new("xmlrpc.server", "DocXMLRPCRequestHandler"),
        QualName::new("DocXMLRPCServer", "DocXMLRPCRequestHandler"),
    ),
    (
        QualName::new("xmlrpc.server", "DocXMLRPCServer"),
        QualName::new("DocXMLRPCServer", "DocXMLRPCServer"),
    ),
    (
        QualName::new("xmlrpc.server", "DocCGIXMLRPCRequestHandler"),
        QualName::new("DocXMLRPCServer", "DocCGIXMLRPCRequestHandler"),
    ),
    (
        QualName::new("http.server", "SimpleHTTPRequestHandler"),
        QualName::new("SimpleHTTPServer", "SimpleHTTPRequestHandler"),
    ),
    (
        QualName::new("http.server", "CGIHTTPRequestHandler"),
        QualName::new("CGIHTTPServer", "CGIHTTPRequestHandler"),
    ),
    (
        QualName::new("_socket", "socket"),
        QualName::new("socket", "_socketobject"),
    ),
    (
        QualName::new("builtins", "ModuleNotFoundError"),
        QualName::new("exceptions", "ImportError"),
    ),
];

#[cfg(test)]
mod tests {
    use super::{QualName, to_python2, to_python3};

    #[test]
    fn names_go_both_ways_where_python_has_both() {
        for (old, new) in [
            (("__builtin__", "xrange"), ("builtins", "range")),
            (("exceptions", "KeyError"), ("builtins", "KeyError")),
            (
                ("copy_reg", "_reconstructor"),
                ("copyreg", "_reconstructor"),
            ),
            (("urllib", "quote"), ("urllib.parse", "quote")),
        ] {
            let (old, new) = (QualName::new(old.0, old.1), QualName::new(new.0, new.1));
            assert_eq!(to_python3(&old), Some(new.borrowed()));
            assert_eq!(to_python2(&new), Some(old));
        }
        let only = |name: Option<QualName<'_>>| name.map(|name| format!("{name:#}"));
        let os_error = to_python2(&QualName::new("builtins", "FileNotFoundError")).is_some();
        assert!(os_error);
        let standard = QualName::new("exceptions", "StandardError");
        assert_eq!(
            only(to_python3(&standard)).as_deref(),
            Some("builtins:Exception")
        );
        assert_eq!(to_python3(&QualName::new("app", "Point")), None);
        assert_eq!(to_python2(&QualName::new("app", "Point")), None);
    }
}
