//! Short lists in the order of numbers.

/// The items in the order of their numbers: the first number decides, then the second; of equal ones the earlier stays ahead.
///
/// For lists that are sorted a few times a second at most. One sort of positions serves them all; `slice::sort_by` is compiled
/// anew for each type, and twenty of those were 3 % of what a first visit loads.
pub fn in_order<T>(items: impl IntoIterator<Item = T>, numbers: impl Fn(&T) -> [f64; 2]) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let keys: Vec<[f64; 2]> = items.iter().flatten().map(numbers).collect();
    places(&keys).into_iter().filter_map(|place| items[place].take()).collect()
}

/// The places of the numbers, the smallest first.
fn places(keys: &[[f64; 2]]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_by(|&a, &b| keys[a][0].total_cmp(&keys[b][0]).then(keys[a][1].total_cmp(&keys[b][1])));
    places
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn the_first_number_decides_then_the_second_then_the_turn() {
        let items =
            [("d", 2.0, 1.0), ("b", 1.0, 7.0), ("a", 1.0, -3.0), ("c", 1.0, 7.0), ("first", -1.0, 9.0)];
        let names: Vec<&str> =
            in_order(items, |item| [item.1, item.2]).into_iter().map(|item| item.0).collect();
        assert_eq!(names, ["first", "a", "b", "c", "d"]);
    }
}
