//! Yew's `html!` in small: the same words make the same virtual nodes, but in calls of a few functions.
//!
//! Yew's own macro writes out the construction of each node in place, which is 12 kB more of the page after gzip. What
//! is known here is what the page uses: elements, fragments, `if` with or without `else`, `for`, text, and no components.
//! Where the same words stand, the same attributes and children come out, in the same places.

mod attributes;
mod builder;

use yew::virtual_dom::VNode;

pub(crate) use self::builder::{Builder, Hear};

/// A list of classes: words, texts and options of them.
macro_rules! classes {
    ($($word:expr),* $(,)?) => {{
        let mut classes = String::new();
        $($crate::ui::html::Word::add_to($word, &mut classes);)*
        classes
    }};
}

/// Elements as in Yew's `html!`.
///
/// What is always the same about an element goes into one text: its name, and pairs of attributes and values.
macro_rules! html {
    (@in $b:ident) => {};
    // Elements and fragments end.
    (@in $b:ident </> $($rest:tt)*) => { $b.close(); html!(@in $b $($rest)*) };
    (@in $b:ident </ $tag:ident> $($rest:tt)*) => { $b.end(stringify!($tag)); html!(@in $b $($rest)*) };
    // They begin.
    (@in $b:ident <> $($rest:tt)*) => { $b.open(""); html!(@in $b $($rest)*) };
    (@in $b:ident <key={$key:expr}> $($rest:tt)*) => { $b.key($key.into()); $b.open(""); html!(@in $b $($rest)*) };
    (@in $b:ident <$tag:ident $($rest:tt)*) => { html!(@tag $b [stringify!($tag)] $($rest)*) };
    // Children.
    (@in $b:ident {$text:literal} $($rest:tt)*) => { $b.word($text); html!(@in $b $($rest)*) };
    (@in $b:ident {for $each:expr} $($rest:tt)*) => {
        $b.open("");
        for child in $each { $crate::ui::html::Child::add_to(child, $b); }
        $b.close();
        html!(@in $b $($rest)*)
    };
    (@in $b:ident {$child:expr} $($rest:tt)*) => {
        $crate::ui::html::Child::add_to($child, $b);
        html!(@in $b $($rest)*)
    };
    // A choice is always one child, so that what comes after it keeps its place.
    (@in $b:ident if $($rest:tt)*) => { $b.open(""); html!(@if $b [] $($rest)*) };
    (@if $b:ident [$($cond:tt)*] {$($yes:tt)*} else {$($no:tt)*} $($rest:tt)*) => {
        if $($cond)* { html!(@in $b $($yes)*); } else { html!(@in $b $($no)*); }
        $b.close();
        html!(@in $b $($rest)*)
    };
    (@if $b:ident [$($cond:tt)*] {$($yes:tt)*} $($rest:tt)*) => {
        if $($cond)* { html!(@in $b $($yes)*); }
        $b.close();
        html!(@in $b $($rest)*)
    };
    (@if $b:ident [$($cond:tt)*] $next:tt $($rest:tt)*) => { html!(@if $b [$($cond)* $next] $($rest)*) };
    // Inside a tag, with what is always the same gathered in brackets.
    (@tag $b:ident [$($same:tt)*] /> $($rest:tt)*) => {
        $b.open(concat!($($same)*));
        $b.close();
        html!(@in $b $($rest)*)
    };
    (@tag $b:ident [$($same:tt)*] > $($rest:tt)*) => { $b.open(concat!($($same)*)); html!(@in $b $($rest)*) };
    (@tag $b:ident $same:tt {$name:ident} $($rest:tt)*) => { html!(@tag $b $same $name={$name} $($rest)*) };
    (@tag $b:ident $same:tt key={$key:expr} $($rest:tt)*) => { $b.key($key.into()); html!(@tag $b $same $($rest)*) };
    (@tag $b:ident $same:tt ref={$node:expr} $($rest:tt)*) => { $b.node($node); html!(@tag $b $same $($rest)*) };
    (@tag $b:ident $same:tt value={$value:expr} $($rest:tt)*) => { $b.value($value); html!(@tag $b $same $($rest)*) };
    (@tag $b:ident $same:tt default={$value:expr} $($rest:tt)*) => {
        $crate::ui::html::Value::put_in($value, "value", $b);
        html!(@tag $b $same $($rest)*)
    };
    (@tag $b:ident $same:tt checked={$so:expr} $($rest:tt)*) => { $b.checked($so); html!(@tag $b $same $($rest)*) };
    (@tag $b:ident $same:tt onchange={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same onchange $hear; $($rest)*) };
    (@tag $b:ident $same:tt onclick={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same onclick $hear; $($rest)*) };
    (@tag $b:ident $same:tt oninput={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same oninput $hear; $($rest)*) };
    (@tag $b:ident $same:tt onkeydown={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same onkeydown $hear; $($rest)*) };
    (@tag $b:ident $same:tt onpointerdown={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same onpointerdown $hear; $($rest)*) };
    (@tag $b:ident $same:tt onpointermove={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same onpointermove $hear; $($rest)*) };
    (@tag $b:ident $same:tt onpointerup={$hear:expr} $($rest:tt)*) => { html!(@hear $b $same onpointerup $hear; $($rest)*) };
    (@hear $b:ident $same:tt $event:ident $hear:expr; $($rest:tt)*) => {
        $b.hear(|| yew::virtual_dom::ListenerKind::$event, $hear);
        html!(@tag $b $same $($rest)*)
    };
    (@tag $b:ident [$($same:tt)*] $($name:ident)-+ = $value:literal $($rest:tt)*) => {
        html!(@tag $b [$($same)*, "\n", html!(@name $($name)+), "\n", $value] $($rest)*)
    };
    (@tag $b:ident $same:tt $($name:ident)-+ = {$value:expr} $($rest:tt)*) => {
        $crate::ui::html::Value::put_in($value, html!(@name $($name)+), $b);
        html!(@tag $b $same $($rest)*)
    };
    (@name $name:ident) => { stringify!($name) };
    (@name $first:ident $($name:ident)+) => { concat!(stringify!($first), $("-", stringify!($name)),+) };
    // The whole.
    ($($all:tt)*) => {{
        let builder = &mut *$crate::ui::html::Builder::new();
        html!(@in builder $($all)*);
        builder.done()
    }};
}

pub(crate) use {classes, html};

/// What an attribute may be set to.
pub(crate) trait Value {
    /// Sets the attribute of the element that comes next.
    fn put_in(self, name: &'static str, builder: &mut Builder);
}

/// There, with its own name as its value, or not there.
impl Value for bool {
    fn put_in(self, name: &'static str, builder: &mut Builder) {
        builder.flag(name, self);
    }
}

impl Value for &str {
    fn put_in(self, name: &'static str, builder: &mut Builder) {
        builder.put(name, self);
    }
}

impl Value for String {
    fn put_in(self, name: &'static str, builder: &mut Builder) {
        builder.put(name, &self);
    }
}

impl Value for &String {
    fn put_in(self, name: &'static str, builder: &mut Builder) {
        builder.put(name, self);
    }
}

impl<T: Value> Value for Option<T> {
    fn put_in(self, name: &'static str, builder: &mut Builder) {
        match self {
            Some(value) => value.put_in(name, builder),
            None => builder.flag(name, false),
        }
    }
}

/// A truth as an attribute says it, where "false" is an answer too.
pub(crate) fn truth(so: bool) -> &'static str {
    if so { "true" } else { "false" }
}

/// What can stand between two tags.
pub(crate) trait Child {
    /// Adds it to the element that is being built.
    fn add_to(self, builder: &mut Builder);
}

impl Child for VNode {
    fn add_to(self, builder: &mut Builder) {
        builder.add(self);
    }
}

impl Child for Option<VNode> {
    fn add_to(self, builder: &mut Builder) {
        builder.add(self.unwrap_or_default());
    }
}

impl Child for &str {
    fn add_to(self, builder: &mut Builder) {
        builder.text(self);
    }
}

impl Child for &String {
    fn add_to(self, builder: &mut Builder) {
        builder.text(self);
    }
}

impl Child for String {
    fn add_to(self, builder: &mut Builder) {
        builder.text(&self);
    }
}

/// What can stand in a list of classes.
pub(crate) trait Word {
    /// Adds it to the list.
    fn add_to(self, classes: &mut String);
}

impl Word for &str {
    fn add_to(self, classes: &mut String) {
        if !classes.is_empty() {
            classes.push(' ');
        }
        classes.push_str(self);
    }
}

impl Word for String {
    fn add_to(self, classes: &mut String) {
        Word::add_to(self.as_str(), classes);
    }
}

impl<T: Word> Word for Option<T> {
    fn add_to(self, classes: &mut String) {
        if let Some(word) = self {
            word.add_to(classes);
        }
    }
}
