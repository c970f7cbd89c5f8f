//! Every contestant of every workload gives back what it was given.

#[test]
fn every_contestant_round_trips() -> Result<(), String> {
    pickle_benches::smoke()
}
