//! What a fault needs to be possible.

/// What a system has to have for a kind of fault to make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing that not every system has.
    Nothing,
    /// A queue in front of the database's writes.
    Queue,
    /// A database with an instance.
    Instance,
    /// A database with an instance in one region that takes all writes.
    OneWriter,
    /// A database whose data lie in a volume of six copies.
    Volume,
}
