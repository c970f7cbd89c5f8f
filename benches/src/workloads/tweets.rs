//! W10: a document like those of Twitter's search, without types: dicts, lists, strings and numbers.

use std::hint::black_box;
use std::rc::Rc;

use fastrand::Rng;
use pickle_core::{Graph, Value};
use serde_json::{Value as Json, json};

use super::text;
use crate::contest::{CPYTHON, CPYTHON_OURS, Contest, Line, time};
use crate::format::{Format, PickleCore, RmpSerde, SerdeJson, SerdePickle};
use crate::python::{Mode, Origin, Task};

pub(super) fn enter(contest: &mut Contest) {
    contest.elements = 1;
    contest.contained = 1;
    let json = Rc::new(document(contest.size));

    // As Python's own JSON decoder makes it, so that equal keys are one object.
    let task = contest.python.as_ref().map(|python| {
        let text = SerdeJson::dump(&*json);
        Rc::new(Task::new(python, &text, Mode::Json).expect("CPython loads JSON"))
    });
    let theirs = task
        .as_ref()
        .map(|task| task.dump().expect("CPython dumps what it loaded"));
    let pickle = theirs.clone().unwrap_or_else(|| SerdePickle::dump(&*json));
    let graph: Graph = pickle_core::loads(&pickle).expect("it is a pickle");
    let graph = Rc::new(graph.into_owned());
    let value: Rc<Value> = Rc::new(pickle_core::loads(&pickle).expect("it is a tree"));
    let through_serde: Json = SerdePickle::load(&PickleCore::dump(&*value));
    assert!(through_serde == *json, "pickle-core changes the document");

    if let (Some(task), Some(theirs)) = (task, theirs) {
        enter_python(contest, task, theirs, dump_graph(&graph));
    }
    enter_graph(contest, &graph);
    contest.race_named::<PickleCore, Value>("pickle-core Value", &value);
    contest.race::<OfSerdePickle, _>(&Rc::new(OfSerdePickle::load(&pickle)));
    contest.race::<OfPickled, _>(&Rc::new(OfPickled::load(&pickle)));
    contest.race_named::<RmpSerde, Json>("rmp-serde, serde_json::Value", &json);
    contest.race_named::<SerdeJson, Json>("serde_json Value", &json);
    contest.race_floors(&value, Value::clone, &PickleCore::dump(&*value));
}

fn enter_python(contest: &mut Contest, task: Rc<Task>, theirs: Vec<u8>, ours: Vec<u8>) {
    task.give(&ours).expect("it only keeps it");
    let (dumper, loader) = (Rc::clone(&task), Rc::clone(&task));
    contest.enter(
        Line::new(CPYTHON, theirs.clone())
            .dump(move || dumper.time_dump(1))
            .load(move |_| loader.time_load(Origin::Own, 1)),
    );
    contest.enter(Line::new(CPYTHON_OURS, ours).load(move |_| task.time_load(Origin::Ours, 1)));
    let event = "of CPython's pickle";
    contest.enter(
        Line::new("pickle-core Graph of CPython's", theirs.clone())
            .event(event)
            .load(|bytes| time(|| pickle_core::loads::<Graph>(black_box(bytes)))),
    );
    contest.enter(
        Line::new("pickle-core Value of CPython's", theirs)
            .event(event)
            .load(|bytes| time(|| pickle_core::loads::<Value>(black_box(bytes)))),
    );
}

fn dump_graph(graph: &Graph<'_>) -> Vec<u8> {
    pickle_core::dumps(graph).expect("a graph can be dumped")
}

/// What is loaded borrows from the pickle.
fn enter_graph(contest: &mut Contest, graph: &Rc<Graph<'static>>) {
    let bytes = dump_graph(graph);
    let loaded: Graph = pickle_core::loads(&bytes).expect("it was dumped here");
    assert!(loaded == **graph, "pickle-core changes the graph");
    let graph = Rc::clone(graph);
    contest.enter(
        Line::new("pickle-core Graph", bytes)
            .dump(move || time(|| dump_graph(black_box(&graph))))
            .load(|bytes| time(|| pickle_core::loads::<Graph>(black_box(bytes)))),
    );
}

/// serde-pickle with its own type for any value.
struct OfSerdePickle;

impl Format<serde_pickle::Value> for OfSerdePickle {
    const NAME: &'static str = "serde-pickle Value";

    fn dump(value: &serde_pickle::Value) -> Vec<u8> {
        serde_pickle::value_to_vec(value, serde_pickle::SerOptions::new()).expect(TREE)
    }

    fn load(bytes: &[u8]) -> serde_pickle::Value {
        serde_pickle::value_from_slice(bytes, serde_pickle::DeOptions::new()).expect(TREE)
    }
}

/// pickled with its own type for any value.
struct OfPickled;

impl Format<pickled::Value> for OfPickled {
    const NAME: &'static str = "pickled Value";

    fn dump(value: &pickled::Value) -> Vec<u8> {
        pickled::value_to_vec(value, pickled::SerOptions::new()).expect(TREE)
    }

    fn load(bytes: &[u8]) -> pickled::Value {
        pickled::value_from_slice(bytes, pickled::DeOptions::new()).expect(TREE)
    }
}

const TREE: &str = "it is a tree of dicts, lists and scalars";

/// A search result of so many statuses, of some 2 kB of JSON each.
fn document(statuses: usize) -> Json {
    let mut random = Rng::with_seed(10);
    let statuses: Vec<Json> = (0..statuses).map(|_| status(&mut random)).collect();
    let count = statuses.len();
    json!({
        "statuses": statuses,
        "search_metadata": {
            "completed_in": 0.087,
            "max_id": 505_874_924_095_815_681_i64,
            "query": "%E4%B8%80",
            "count": count,
            "since_id": 0,
        },
    })
}

fn status(random: &mut Rng) -> Json {
    let id = random.i64(1 << 40..1 << 60);
    let hashtags: Vec<Json> = (0..random.usize(0..3))
        .map(|_| json!({"text": text(random, 4..12), "indices": [random.u8(..), random.u8(..)]}))
        .collect();
    let mentions: Vec<Json> = (0..random.usize(0..2)).map(|_| mention(random)).collect();
    json!({
        "metadata": {"result_type": "recent", "iso_language_code": "ja"},
        "created_at": date(random),
        "id": id,
        "id_str": id.to_string(),
        "text": sentence(random, 30),
        "source": "<a href=\"http://twitter.com\" rel=\"nofollow\">Twitter</a>",
        "truncated": false,
        "in_reply_to_status_id": null,
        "in_reply_to_user_id": random.bool().then(|| random.u32(..)),
        "in_reply_to_screen_name": null,
        "user": user(random),
        "geo": null,
        "coordinates": random.bool().then(|| [random.f64() * 180.0, random.f64() * 90.0]),
        "place": null,
        "contributors": null,
        "retweet_count": random.u16(0..1000),
        "favorite_count": random.u8(..),
        "entities": {"hashtags": hashtags, "symbols": [], "urls": [], "user_mentions": mentions},
        "favorited": random.bool(),
        "retweeted": random.bool(),
        "lang": "ja",
    })
}

fn user(random: &mut Rng) -> Json {
    let id = random.u32(..);
    let image = format!(
        "http://pbs.twimg.com/profile_images/{id}/{}.jpeg",
        text(random, 8..9)
    );
    json!({
        "id": id,
        "id_str": id.to_string(),
        "name": text(random, 4..16),
        "screen_name": text(random, 4..16),
        "location": text(random, 0..16),
        "description": sentence(random, 45),
        "url": null,
        "entities": {"description": {"urls": []}},
        "protected": false,
        "followers_count": random.u16(..),
        "friends_count": random.u16(..),
        "listed_count": random.u8(..),
        "created_at": date(random),
        "favourites_count": random.u16(..),
        "utc_offset": random.bool().then_some(32400),
        "time_zone": "Tokyo",
        "geo_enabled": random.bool(),
        "verified": false,
        "statuses_count": random.u32(0..100_000),
        "lang": "ja",
        "contributors_enabled": false,
        "is_translator": false,
        "profile_background_color": format!("{:06X}", random.u32(0..1 << 24)),
        "profile_image_url": image,
        "profile_image_url_https": image,
        "profile_link_color": format!("{:06X}", random.u32(0..1 << 24)),
        "profile_use_background_image": random.bool(),
        "default_profile": random.bool(),
        "default_profile_image": false,
        "following": false,
        "follow_request_sent": false,
        "notifications": false,
    })
}

fn mention(random: &mut Rng) -> Json {
    let id = random.u32(..);
    json!({
        "screen_name": text(random, 4..16),
        "name": text(random, 4..16),
        "id": id,
        "id_str": id.to_string(),
        "indices": [random.u8(..), random.u8(..)],
    })
}

fn date(random: &mut Rng) -> String {
    format!(
        "Sun Aug 31 00:{:02}:{:02} +0000 2014",
        random.u8(0..60),
        random.u8(0..60)
    )
}

fn sentence(random: &mut Rng, words: usize) -> String {
    let words: Vec<String> = (0..words).map(|_| text(random, 2..10)).collect();
    words.join(" ")
}
