//! What the derive macro costs a build: a program of 100 types is generated, compiled and measured.
//!
//! The types have eight fields each. The program loads each of them from a file, and dumps it again.

use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use object::{Object, ObjectSection};
use serde::Serialize;

/// How many types there are.
const TYPES: usize = 100;

/// How often the program is compiled: the shortest time counts.
const ROUNDS: usize = 2;

/// What the types cost with one crate.
#[derive(Serialize)]
pub(crate) struct Cost {
    pub(crate) name: &'static str,
    /// To compile the program, its dependencies excepted.
    pub(crate) seconds: f64,
    /// Machine code for each type.
    pub(crate) bytes: f64,
}

/// How a crate's derive macro is used.
struct Way {
    name: &'static str,
    dependencies: &'static str,
    derive: &'static str,
    bounds: &'static str,
    load: &'static str,
    dump: &'static str,
}

const WAYS: [Way; 3] = [
    Way {
        name: "pickle-core",
        dependencies: "",
        derive: "pickle_core::Reduce",
        bounds: "pickle_core::Reduce + pickle_core::ConstructOwned",
        load: "pickle_core::loads(bytes)",
        dump: "pickle_core::dumps(&value)",
    },
    Way {
        name: "serde_derive, rmp-serde",
        dependencies: "rmp-serde = \"1\"\nserde = { version = \"1\", features = [\"derive\"] }\n",
        derive: "serde::Serialize, serde::Deserialize",
        bounds: "serde::Serialize + serde::de::DeserializeOwned",
        load: "rmp_serde::from_slice(bytes)",
        dump: "rmp_serde::to_vec(&value)",
    },
    Way {
        name: "serde_derive, serde_json",
        dependencies: "serde_json = \"1\"\nserde = { version = \"1\", features = [\"derive\"] }\n",
        derive: "serde::Serialize, serde::Deserialize",
        bounds: "serde::Serialize + serde::de::DeserializeOwned",
        load: "serde_json::from_slice(bytes)",
        dump: "serde_json::to_vec(&value)",
    },
];

/// Measures each way.
pub(crate) fn measure() -> Result<Vec<Cost>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    WAYS.iter()
        .map(|way| cost(way, folder.path()).map_err(|error| format!("{}: {error}", way.name)))
        .collect()
}

type Error = Box<dyn std::error::Error>;

fn cost(way: &Way, folder: &Path) -> Result<Cost, Error> {
    write_package(way, folder)?;
    // The dependencies are built with the first one.
    let (_, small) = build(way, folder, 1)?;
    let (mut shortest, mut large) = (Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let (took, text) = build(way, folder, TYPES)?;
        shortest = shortest.min(took);
        large = text;
    }
    Ok(Cost {
        name: way.name,
        seconds: shortest.as_secs_f64(),
        bytes: large.saturating_sub(small) as f64 / (TYPES - 1) as f64,
    })
}

/// The versions of the dependencies are those of this workspace.
fn write_package(way: &Way, folder: &Path) -> Result<(), Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut manifest = format!(
        "[workspace]\n[package]\nname = \"derived\"\nedition = \"2024\"\n[dependencies]\n{}",
        way.dependencies
    );
    if way.dependencies.is_empty() {
        let core = root.join("pickle-core");
        writeln!(manifest, "pickle-core = {{ path = {core:?} }}")?;
    }
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

/// Compiles a program of so many types: how long that takes, and how much code it has.
fn build(way: &Way, folder: &Path, types: usize) -> Result<(Duration, u64), Error> {
    fs::write(folder.join("src/main.rs"), program(way, types))?;
    let cargo = std::env::var_os("CARGO").unwrap_or(OsString::from("cargo"));
    let start = Instant::now();
    let output = Command::new(cargo)
        .args([
            "build",
            "--release",
            "--offline",
            "--quiet",
            "--target-dir",
            "target",
        ])
        .current_dir(folder)
        .output()?;
    let took = start.elapsed();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let first = errors.lines().find(|line| line.starts_with("error"));
        return Err(first.unwrap_or("it does not compile").into());
    }
    let program = fs::read(folder.join("target/release/derived"))?;
    let program = object::File::parse(&*program)?;
    let text = program.section_by_name(".text").ok_or("it has no .text")?;
    Ok((took, text.size()))
}

fn program(way: &Way, types: usize) -> String {
    let Way {
        derive,
        bounds,
        load,
        dump,
        ..
    } = way;
    let mut text = format!(
        "#![allow(dead_code)]\n\
         fn round<T: {bounds}>(bytes: &[u8]) -> usize {{\n\
             let Ok(value) = {load} else {{ return 0 }};\n\
             let value: T = value;\n\
             {dump}.map_or(0, |bytes| bytes.len())\n\
         }}\n"
    );
    let mut calls = String::new();
    for number in 0..types {
        let _ = writeln!(
            text,
            "#[derive({derive})]\n\
             struct Type{number} {{ id{number}: u32, count: i64, score: f64, active: bool, \
             name: String, note: Option<String>, values{number}: Vec<f64>, tags: Vec<String> }}"
        );
        let _ = writeln!(calls, "    total += round::<Type{number}>(&bytes);");
    }
    let _ = writeln!(
        text,
        "fn main() {{\n    let path = std::env::args().nth(1).unwrap_or_default();\n    \
             let bytes = std::fs::read(path).unwrap_or_default();\n    \
             let mut total = 0;\n{calls}    println!(\"{{total}}\");\n}}"
    );
    text
}
