//! `cargo bench -p pickle-benches` runs this.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    pickle_benches::main()
}
