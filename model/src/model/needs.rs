//! What a fault or another order needs to be possible.

/// What a system has to have for an order to make sense.
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
    /// A database with instances that can be rebooted or changed.
    Instances,
    /// A volume whose only instance has nobody to take over.
    StandIn,
    /// Objects that the replication rule does not copy.
    OldObjects,
    /// Keys that have homes, which can be moved.
    Homes,
}
