//! Every word that the learner reads, made from the journal and the state: plain, short, in the field's terms.

pub mod number;
pub mod fault;
pub mod order;
pub mod law;
pub mod refusal;
pub mod step;
pub mod obstacle;
pub mod fate;
pub mod choice;
pub mod launch;
pub mod loss;
pub mod entry;
mod verdict;
mod message;
mod missing;
pub mod chain;

pub use entry::Words;
