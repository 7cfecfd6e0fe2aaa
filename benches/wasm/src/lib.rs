//! Plain C exports of the core for measuring it as wasm.
