//! Every word that the learner reads, made from the journal and the state: plain, short, in the field's terms.

pub mod entry;
pub mod fault;
pub mod number;
pub mod step;

pub use entry::Words;
