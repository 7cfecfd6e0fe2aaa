//! Running other programs: where the project is, which folders come first on PATH, and how long things took.
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Nothing, or a sentence for the person who started the task.
pub(crate) type Outcome = Result<(), String>;

/// The project's folder, and the PATH that puts its own tools first.
pub(crate) struct Project {
    /// Where Cargo.toml lies.
    pub(crate) root: PathBuf,
    /// Where tools are installed that the machine does not have.
    pub(crate) tools: PathBuf,
    path: OsString,
}

impl Project {
    /// Finds the project from where this program was built.
    pub(crate) fn find() -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or("this program has no parent folder")?
            .to_owned();
        let tools = root.join("target/tools");
        let old = std::env::var_os("PATH").unwrap_or_default();
        let own = [tools.join("bin"), tools.join("node_modules/.bin")];
        let path = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&old)))
            .map_err(|error| format!("PATH cannot be extended: {error}"))?;
        Ok(Self { root, tools, path })
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

    /// What a program says to `--version`, or nothing where it cannot be run.
    pub(crate) fn version_of(&self, program: &str) -> Option<String> {
        let output = self.command(program).arg("--version").output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
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

/// Does one named piece of work and says how long it took.
pub(crate) fn timed<T>(what: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("-- {what}");
    let start = Instant::now();
    let result = work();
    let word = if result.is_ok() { "done" } else { "failed" };
    println!("   {word} after {}", seconds(start));
    result
}

/// The time since a moment, for people.
pub(crate) fn seconds(since: Instant) -> String {
    let secs = since.elapsed().as_secs_f64();
    if secs < 60.0 {
        format!("{secs:.1} s")
    } else {
        format!("{:.0} min {:02.0} s", (secs / 60.0).floor(), secs % 60.0)
    }
}

/// A command as one would type it: only the program's name, not its folder.
fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
