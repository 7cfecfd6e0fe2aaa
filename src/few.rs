//! Sorting a few things. The standard library's sort is made for thousands, and is 3 kB of the page for each type.

/// Sorts by a key, the smallest first; what has the same key keeps its order. For tens of things, not for thousands.
pub fn sort_by_key<T, K: PartialOrd>(things: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..things.len() {
        let mut at = end;
        while at > 0 && key(&things[at]) < key(&things[at - 1]) {
            things.swap(at, at - 1);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort_by_key;

    #[test]
    fn few_things_are_sorted_as_many_would_be() {
        let mut mine: Vec<(u32, usize)> = (0..60).map(|n: usize| ((n as u32 * 7919) % 13, n)).collect();
        let mut theirs = mine.clone();
        sort_by_key(&mut mine, |thing| thing.0);
        theirs.sort_by_key(|thing| thing.0);
        assert_eq!(mine, theirs);
        sort_by_key(&mut mine[..0], |thing| thing.0);
    }
}
