//! Attributes of elements. What the program says about an element is read once, and then found by where it stands.

use std::cell::RefCell;

use yew::virtual_dom::{AttributeOrProperty, Attributes};

type Names = &'static [&'static str];
type Same = &'static [(&'static str, AttributeOrProperty)];

/// What the program says about a kind of element.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// The name of the element.
    pub(super) tag: &'static str,
    /// Attributes that are always the same.
    same: Same,
}

/// A kind of element with attributes that change: their names, and after them those that are always the same.
struct Shape {
    same: Same,
    names: Names,
}

#[derive(Default)]
struct Known {
    /// Sorted by where their texts are.
    kinds: Vec<((usize, usize), Kind)>,
    shapes: Vec<Shape>,
}

thread_local! {
    /// As many as there are tags in the program; they are never freed.
    static KNOWN: RefCell<Known> = RefCell::default();
}

impl Kind {
    /// Reads the name of an element, and names and values of attributes, a line for each.
    pub(super) fn of(text: &'static str) -> Self {
        let place = (text.as_ptr() as usize, text.len());
        KNOWN.with_borrow_mut(|known| match known.kinds.binary_search_by_key(&place, |kind| kind.0) {
            Ok(index) => known.kinds[index].1,
            Err(index) => {
                let kind = Self::read(text);
                known.kinds.insert(index, (place, kind));
                kind
            }
        })
    }

    fn read(text: &'static str) -> Self {
        let mut lines = text.split('\n');
        let tag = lines.next().unwrap_or_default();
        let mut same = Vec::new();
        while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
            same.push((name, AttributeOrProperty::Static(value)));
        }
        Self { tag, same: same.leak() }
    }

    /// Its attributes: those with these names and values, and those that are always the same.
    pub(super) fn attributes(
        self,
        names: &[&'static str],
        mut values: Vec<Option<AttributeOrProperty>>,
    ) -> Attributes {
        if names.is_empty() {
            return Attributes::Static(self.same);
        }
        values.extend(self.same.iter().map(|(_, value)| Some(value.clone())));
        Attributes::Dynamic { keys: self.names(names), values: values.into() }
    }

    /// The same list for the same names: Yew compares two elements quickly when they share it.
    fn names(self, names: &[&'static str]) -> Names {
        KNOWN.with_borrow_mut(|known| {
            let found = known.shapes.iter().find(|shape| {
                std::ptr::eq(shape.same, self.same)
                    && shape.names.len() == names.len() + self.same.len()
                    && shape.names.starts_with(names)
            });
            if let Some(shape) = found {
                return shape.names;
            }
            let all: Vec<_> = names.iter().copied().chain(self.same.iter().map(|(name, _)| *name)).collect();
            let names: Names = all.leak();
            known.shapes.push(Shape { same: self.same, names });
            names
        })
    }
}
