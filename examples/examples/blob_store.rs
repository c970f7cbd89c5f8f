//! Persistent ids: large blobs stay in an SQLite file, and the pickles hold their ids. Both
//! languages write and read the file and the pickles.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use pickle_core::{PersistentIds, Pickler, Reduce, Unpickler, Value, dumps};
use pickle_examples::{Python, TemporaryFolder};
use rusqlite::{Connection, OptionalExtension};

#[derive(Debug, Reduce)]
#[reduce(module = "album")]
struct Image {
    name: String,
    pixels: Vec<u8>,
}

#[derive(Debug, Reduce)]
#[reduce(module = "album")]
struct Photo {
    caption: String,
    image: Arc<Image>,
}

#[derive(Debug, Reduce)]
#[reduce(module = "album")]
struct Album {
    title: String,
    cover: Arc<Image>,
    photos: Vec<Photo>,
}

/// Where the images are. A connection is for one thread at a time, an `Unpickler` for all.
struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    fn create(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS images (name TEXT PRIMARY KEY, pixels BLOB)",
        )?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    fn with<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        ask(&self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner))
    }

    /// Stores an image. Returns its id: the table, and the key in it.
    fn put(&self, image: &Image) -> rusqlite::Result<(&'static str, String)> {
        let Image { name, pixels } = image;
        self.with(|connection| {
            let insert = "INSERT OR REPLACE INTO images VALUES (?1, ?2)";
            connection.execute(insert, (name, pixels))
        })?;
        Ok(("images", name.clone()))
    }

    fn get(&self, name: &str) -> rusqlite::Result<Option<Image>> {
        self.with(|connection| {
            let query = "SELECT name, pixels FROM images WHERE name = ?1";
            let image = |row: &rusqlite::Row<'_>| {
                Ok(Image {
                    name: row.get(0)?,
                    pixels: row.get(1)?,
                })
            };
            connection.query_row(query, [name], image).optional()
        })
    }

    fn remove(&self, name: &str) -> rusqlite::Result<usize> {
        self.with(|connection| connection.execute("DELETE FROM images WHERE name = ?1", [name]))
    }
}

/// Pickles an album, without its images.
fn dump_album(album: &Album, store: &Store) -> pickle_core::Result<Vec<u8>> {
    let mut pickle = Vec::new();
    Pickler::new(&mut pickle)
        .persistent_id(&mut PersistentIds::new().of(|image: &Image| store.put(image).map(Some)))
        .dump(album)?;
    Ok(pickle)
}

/// An unpickler that finds images by their ids, each once: all who have its id share it.
fn unpickler(store: &Arc<Store>) -> Unpickler<'static> {
    let store = Arc::clone(store);
    let loaded: Mutex<HashMap<String, Arc<Image>>> = Mutex::default();
    Unpickler::new().persistent_load(move |(table, name): (String, String)| {
        if table != "images" {
            return Err(format!("there is no table {table}").into());
        }
        let mut loaded = loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(image) = loaded.get(&name) {
            return Ok(Arc::clone(image));
        }
        let image = store.get(&name)?;
        let image = Arc::new(image.ok_or_else(|| format!("there is no image {name}"))?);
        loaded.insert(name, Arc::clone(&image));
        Ok::<_, Box<dyn Error + Send + Sync>>(image)
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = TemporaryFolder::create("blob-store")?;
    let path = folder.file("images.sqlite")?;
    let store = Arc::new(Store::create(Path::new(&path))?);

    let album = album();
    let pickle = dump_album(&album, &store)?;
    println!("The album with its images: {} bytes", dumps(&album)?.len());
    println!("The album with their ids: {} bytes", pickle.len());

    println!("As data, without the database:");
    let ids: Value = Unpickler::new().persistent_ids(true).loads(&pickle)?;
    println!("    {ids:?}");

    println!("With the database:");
    let loaded: Album = unpickler(&store).loads(&pickle)?;
    print_album(&loaded);

    if let Some(python) = Python::find() {
        let code = format!(
            "import sys, album\n\
             store = album.Store({path:?})\n\
             loaded = store.loads(sys.stdin.buffer.read())\n\
             for photo in loaded.photos:\n    \
                 print(photo.caption, len(photo.image.pixels), sum(photo.image.pixels))\n\
             print('the cover is the first:', loaded.cover is loaded.photos[0].image)"
        );
        python.show(&code, &pickle)?;

        println!("It adds a photo, and makes it the cover:");
        let code = format!(
            "import sys, album\n\
             store = album.Store({path:?})\n\
             loaded = store.loads(sys.stdin.buffer.read())\n\
             loaded.cover = album.Image('peak', bytes([1]) * 2000000)\n\
             loaded.photos.append(album.Photo('On the peak', loaded.cover))\n\
             sys.stdout.buffer.write(store.dumps(loaded))"
        );
        let pickle = python.run(&code, &pickle)?;
        print_album(&unpickler(&store).loads(&pickle)?);
    }

    println!("Without one of the images:");
    store.remove("lake")?;
    match unpickler(&store).loads::<Album>(&pickle) {
        Ok(_) => println!("    all is there"),
        Err(error) => print_error(&error),
    }
    println!("Without the database:");
    match pickle_core::loads::<Album>(&pickle) {
        Ok(_) => println!("    all is there"),
        Err(error) => print_error(&error),
    }
    Ok(())
}

fn album() -> Album {
    let image = |name: &str, shade: u8| {
        Arc::new(Image {
            name: name.to_owned(),
            pixels: vec![shade; 1_000_000],
        })
    };
    let photo = |caption: &str, image: &Arc<Image>| Photo {
        caption: caption.to_owned(),
        image: Arc::clone(image),
    };
    let (lake, hut) = (image("lake", 3), image("hut", 7));
    Album {
        title: "Summer".to_owned(),
        photos: vec![photo("At the lake", &lake), photo("The hut", &hut)],
        cover: lake,
    }
}

fn print_album(album: &Album) {
    for Photo { caption, image } in &album.photos {
        let sum: u64 = image.pixels.iter().map(|pixel| u64::from(*pixel)).sum();
        println!("    {caption}: {} bytes, sum {sum}", image.pixels.len());
    }
    let cover = album
        .photos
        .iter()
        .position(|photo| Arc::ptr_eq(&photo.image, &album.cover));
    match cover {
        Some(index) => println!("    the cover is photo {}", index + 1),
        None => println!("    the cover is no photo"),
    }
}

fn print_error(error: &pickle_core::Error) {
    println!("    {error}");
    if let Some(source) = error.source() {
        println!("    because {source}");
    }
}
