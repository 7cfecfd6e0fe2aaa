//! Tools in the user's cache folder, one folder for each version, so that a second clone compiles none of them again.
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::shell::Outcome;

/// The folder that all clones share.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// `XDG_CACHE_HOME`, else what the system uses for caches.
    pub(crate) fn find() -> Result<Self, String> {
        let caches = dirs::cache_dir()
            .ok_or("There is no cache folder for tools: set HOME or XDG_CACHE_HOME, then try again.")?;
        Ok(Self { folder: caches.join("faultline/tools") })
    }

    /// Where a tool of this version is, or would be.
    pub(crate) fn place(&self, name: &str, version: &str) -> PathBuf {
        self.folder.join(format!("{name}-{version}"))
    }

    /// Where tools are compiled, all in one, so that they share what they have in common.
    pub(crate) fn workshop(&self) -> PathBuf {
        self.folder.join("build")
    }

    /// Puts a tool into its place, unless it is there and works. `install` fills a folder beside it, which is renamed when
    /// it is whole: a task that is ended in the middle leaves nothing that looks like a tool.
    pub(crate) fn fill(
        &self,
        name: &str,
        version: &str,
        works: impl Fn() -> bool,
        install: impl FnOnce(&Path) -> Outcome,
    ) -> Outcome {
        let told = |error: io::Error| format!("{}: {error}", self.folder.display());
        fs::create_dir_all(&self.folder).map_err(told)?;
        let _lock = self.lock().map_err(told)?;
        if works() {
            // Another task has installed it while this one waited.
            return Ok(());
        }
        let place = self.place(name, version);
        let part = self.folder.join(format!("{name}-{version}.part"));
        for leftover in [&part, &place] {
            remove(leftover).map_err(told)?;
        }
        install(&part)?;
        fs::rename(&part, &place).map_err(told)
    }

    /// Removes what was compiled on the way: it takes a gigabyte and is not needed again.
    pub(crate) fn sweep(&self) {
        if self.workshop().is_dir()
            && let Ok(_lock) = self.lock()
        {
            // A leftover does no harm.
            let _ = remove(&self.workshop());
        }
    }

    /// One task installs at a time: two that compile the same on two cores take twice as long.
    fn lock(&self) -> io::Result<File> {
        let file = File::create(self.folder.join("lock"))?;
        if file.try_lock().is_err() {
            println!("   waiting for another task that installs tools");
            file.lock()?;
        }
        Ok(file)
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::{fs, thread};

    use super::Cache;

    fn empty(name: &str) -> Cache {
        let folder = std::env::temp_dir().join(format!("faultline-cache-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Cache { folder }
    }

    #[test]
    fn two_tasks_that_want_the_same_tool_install_it_once() {
        let (cache, installed) = (empty("two"), AtomicUsize::new(0));
        let program = cache.place("tool", "1.0").join("bin/tool");
        let want = || {
            cache.fill(
                "tool",
                "1.0",
                || program.is_file(),
                |part| {
                    installed.fetch_add(1, Ordering::SeqCst);
                    fs::create_dir_all(part.join("bin")).unwrap();
                    fs::write(part.join("bin/tool"), "x").unwrap();
                    Ok(())
                },
            )
        };
        thread::scope(|scope| {
            for task in [scope.spawn(want), scope.spawn(want)] {
                assert_eq!(task.join().unwrap(), Ok(()));
            }
        });
        assert_eq!((installed.into_inner(), program.is_file()), (1, true));
        fs::remove_dir_all(&cache.folder).unwrap();
    }

    #[test]
    fn an_installation_that_fails_leaves_no_tool() {
        let cache = empty("fails");
        let outcome = cache.fill(
            "tool",
            "1.0",
            || false,
            |part| {
                fs::create_dir_all(part).unwrap();
                Err("the network is down".to_owned())
            },
        );
        assert_eq!(outcome, Err("the network is down".to_owned()));
        assert!(!cache.place("tool", "1.0").exists());
        fs::remove_dir_all(&cache.folder).unwrap();
    }
}
