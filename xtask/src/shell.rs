//! Running other programs: where the project is, which folders come first on PATH, and how long things took.
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Nothing, or a sentence for the person who started the task.
pub(crate) type Outcome = Result<(), String>;

/// The project's folder, and the PATH that puts its own tools first.
pub(crate) struct Project {
    /// Where Cargo.toml lies.
    pub(crate) root: PathBuf,
    path: OsString,
}

impl Project {
    /// Finds the project from where this program was built.
    pub(crate) fn find() -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or("this program has no parent folder")?
            .to_owned();
        Ok(Self { root, path: std::env::var_os("PATH").unwrap_or_default() })
    }

    /// Puts folders of programs before all others.
    pub(crate) fn prefer(&mut self, folders: impl IntoIterator<Item = PathBuf>) -> Outcome {
        let old = std::env::split_paths(&self.path).collect::<Vec<_>>();
        self.path = std::env::join_paths(folders.into_iter().chain(old))
            .map_err(|error| format!("PATH cannot be extended: {error}"))?;
        Ok(())
    }

    /// A program run in the project's folder, with its own tools first on PATH.
    pub(crate) fn command(&self, program: &str) -> Command {
        // The program is looked up here: the standard library would search the old PATH on some systems.
        let mut command = Command::new(self.which(program).unwrap_or_else(|| PathBuf::from(program)));
        command.current_dir(&self.root).env("PATH", &self.path);
        // Trunk 0.21 refuses any value of NO_COLOR but true and false.
        command.env_remove("NO_COLOR");
        command
    }

    /// Where a program lies, if it is installed at all.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path).map(|folder| folder.join(program)).find(|file| file.is_file())
    }

    /// What a program says to `--version`, or nothing if it cannot be run.
    pub(crate) fn version_of(&self, program: &str) -> Option<String> {
        said(self.command(program).arg("--version"))
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |dir| self.root.join(dir))
    }
}

/// Runs a program to its end; anything but success is a problem that names the command.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let line = line_of(command);
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` could not be started: {error}")),
    }
}

/// Runs a program, passes on what it prints, and hands each line to `keep` as well.
pub(crate) fn run_and_read(command: &mut Command, mut keep: impl FnMut(&str)) -> Outcome {
    let line = line_of(command);
    println!("$ {line}");
    let told = |error: std::io::Error| format!("`{line}` could not be run: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(told)?;
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).split(b'\n') {
            let text = text.map_err(told)?;
            let text = String::from_utf8_lossy(&text);
            println!("{text}");
            keep(&text);
        }
    }
    let status = child.wait().map_err(told)?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// What a program prints, without the line's end, or nothing if it fails.
pub(crate) fn said(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Does one named piece of work and says how long it took.
pub(crate) fn timed<T>(what: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("-- {what}");
    let start = Instant::now();
    let result = work();
    let word = if result.is_ok() { "done" } else { "failed" };
    println!("   {word} after {}", span(start.elapsed()));
    result
}

/// A length of time, for people.
pub(crate) fn span(length: Duration) -> String {
    let secs = length.as_secs_f64();
    if secs < 60.0 {
        format!("{secs:.1} s")
    } else {
        // Rounded once: 119.7 s are 2 min 00 s, not 1 min 60 s.
        let whole = secs.round();
        format!("{:.0} min {:02.0} s", (whole / 60.0).floor(), whole % 60.0)
    }
}

/// A command as one would type it: only the program's name, not its folder.
fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::span;

    #[test]
    fn no_minute_has_sixty_seconds_left() {
        assert_eq!(span(Duration::from_millis(59_900)), "59.9 s");
        assert_eq!(span(Duration::from_millis(119_700)), "2 min 00 s");
    }
}
