//! Functions for fields: where they cannot stand, and which exclude each other.

use std::time::Duration;

use pickle_core::Reduce;

mod seconds {}

#[derive(Reduce)]
struct Fields {
    #[reduce(skip, with = seconds)]
    a: Duration,
    #[reduce(flatten, with = seconds)]
    b: Duration,
    #[reduce(flatten, construct_with = seconds::construct)]
    c: Duration,
    #[reduce(with = seconds, reduce_with = seconds::reduce)]
    d: Duration,
    #[reduce(construct_with = seconds::construct, with = seconds)]
    e: Duration,
    #[reduce(with = "seconds")]
    f: Duration,
    #[reduce(with, reduce_with, construct_with)]
    g: Duration,
}

#[derive(Reduce)]
#[reduce(dump_only)]
struct DumpOnly {
    #[reduce(construct_with = seconds::construct)]
    a: Duration,
}

#[derive(Reduce)]
#[reduce(reduce_with = seconds::reduce)]
enum Variants {
    #[reduce(construct_with = seconds::construct)]
    A(Duration),
}

fn main() {}
