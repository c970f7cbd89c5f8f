//! Pickles of older versions of a program, which stay loadable.
//!
//! In Python, the constructor of `Config` accepts the arguments that older versions wrote as well as
//! today's, and the reducer always returns today's. Here it is the same, with a `Value` for what may
//! be anything. Where the attributes of a class have changed, its old shape is a type of its own, and
//! `migrate` converts that; `alias` is for a class that was moved or renamed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use pickle_core::{Reduce, Reduction, Value, dumps, loads};
use pickle_examples::{Python, data};

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "settings", with = reduce_config, constructor = Config::new)]
struct Config {
    settings: BTreeMap<String, Value>,
}

#[pickle_core::constructors]
impl Config {
    #[constructor]
    fn new(setting: Value, value: Option<Value>) -> Result<Self, String> {
        let settings = match (setting, value) {
            // Today: a setting and its value, or all of them.
            (setting, Some(value)) => BTreeMap::from([(name(setting)?, value)]),
            (Value::Dict(settings), None) => settings
                .into_vec()
                .into_iter()
                .map(|(setting, value)| Ok((name(setting)?, value)))
                .collect::<Result<_, String>>()?,
            // The first version: a value without a name.
            (value, None) => BTreeMap::from([("value".to_owned(), value)]),
        };
        Ok(Config { settings })
    }
}

fn name(setting: Value) -> Result<String, String> {
    match setting {
        Value::Str(name) => Ok(name),
        other => Err(format!("{other:?} is no name of a setting")),
    }
}

/// Always as today.
fn reduce_config(config: &Config) -> Reduction<'_> {
    let mut settings = config.settings.iter();
    match (settings.next(), settings.next()) {
        // A None could not be told from an argument that is missing.
        (Some((setting, value)), None) if !value.is_none() => {
            Reduction::new(Config::new, (setting, Some(value)))
        }
        _ => Reduction::new(Config::new, (&config.settings, None::<Value>)),
    }
}

#[derive(Debug, Reduce)]
#[reduce(module = "settings", alias = "old_settings:Window", version = 2, migrate = Window1)]
struct Window {
    title: String,
    width: u32,
    height: u32,
}

/// As it was in the module `old_settings`, before there were versions.
#[derive(Reduce)]
#[reduce(module = "old_settings", name = "Window", no_register)]
struct Window1 {
    title: String,
    size: (u32, u32),
}

impl From<Window1> for Window {
    fn from(window: Window1) -> Self {
        let (title, (width, height)) = (window.title, window.size);
        Window {
            title,
            width,
            height,
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    for version in ["config-1", "config-2", "config-3"] {
        let bytes = fs::read(data(version))?;
        let config: Config = loads(&bytes)?;
        println!("{version}: {:?}", loads::<Value>(&bytes)?);
        println!("    {config:?}");
        let saved = dumps(&config)?;
        println!("    saved as {:?}", loads::<Value>(&saved)?);
        assert_eq!(loads::<Config>(&saved)?, config);
    }

    let bytes = fs::read(data("window-1"))?;
    let window: Window = loads(&bytes)?;
    println!("window-1: {:?}", loads::<Value>(&bytes)?);
    println!("    {window:?}");
    let saved = dumps(&window)?;
    println!("    saved as {:?}", loads::<Value>(&saved)?);

    // What no version wrote. The constructor's own error is the source of the one that `loads` returns.
    if let Err(error) = loads::<Config>(b"csettings\nConfig\n(I3\nI4\ntR.") {
        println!("error: {error}");
        println!("    because {}", error.source().ok_or("nothing")?);
    }

    if let Some(python) = Python::find() {
        let configs = [
            Config::new("debug".into(), Some(true.into()))?,
            Config {
                settings: BTreeMap::from([
                    ("theme".to_owned(), "dark".into()),
                    ("timeout".to_owned(), 30.into()),
                ]),
            },
        ];
        let pickle = dumps(&(configs, window))?;
        python.show(
            "import pickle, sys; print(pickle.load(sys.stdin.buffer))",
            &pickle,
        )?;

        println!("What it dumps is of today, too:");
        let code = "import pickle, sys\n\
                    sys.stdout.buffer.write(pickle.dumps(pickle.load(sys.stdin.buffer)))";
        let (configs, window): (Vec<Config>, Window) = loads(&python.run(code, &pickle)?)?;
        println!("    {configs:?}\n    {window:?}");
    }
    Ok(())
}
