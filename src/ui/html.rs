//! Yew's `html!` in small: the same words make the same virtual nodes, but in calls of a few functions.
//!
//! Yew's own macro writes out the construction of each node in place: 60 kB more of the page. What is known here is
//! what the page uses: elements, fragments, `if`, `for`, text, and no components.

use std::cell::RefCell;
use std::rc::Rc;

use yew::html::NodeRef;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Attributes, Key, Listener, VList, VNode, VTag, VText,
};

/// A list of classes: words, texts and options of them.
macro_rules! classes {
    ($($word:expr),* $(,)?) => {{
        let mut classes = String::new();
        $($crate::ui::html::Word::add_to($word, &mut classes);)*
        classes
    }};
}

/// Elements as in Yew's `html!`.
macro_rules! html {
    (@in $b:ident) => {};
    // Elements and fragments end.
    (@in $b:ident </> $($rest:tt)*) => { $b.close(); html!(@in $b $($rest)*) };
    (@in $b:ident </ $tag:ident> $($rest:tt)*) => { $b.end(stringify!($tag)); html!(@in $b $($rest)*) };
    // They begin.
    (@in $b:ident <> $($rest:tt)*) => { $b.open(""); html!(@in $b $($rest)*) };
    (@in $b:ident <key={$key:expr}> $($rest:tt)*) => { $b.open(""); $b.key($key.into()); html!(@in $b $($rest)*) };
    (@in $b:ident <$tag:ident $($rest:tt)*) => { $b.open(stringify!($tag)); html!(@tag $b $($rest)*) };
    // Children.
    (@in $b:ident {$text:literal} $($rest:tt)*) => { $b.word($text); html!(@in $b $($rest)*) };
    (@in $b:ident {for $each:expr} $($rest:tt)*) => {
        $b.open("");
        for child in $each { $crate::ui::html::Child::add_to(child, &mut $b); }
        $b.close();
        html!(@in $b $($rest)*)
    };
    (@in $b:ident {$child:expr} $($rest:tt)*) => {
        $crate::ui::html::Child::add_to($child, &mut $b);
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
    // Inside a tag.
    (@tag $b:ident /> $($rest:tt)*) => { $b.close(); html!(@in $b $($rest)*) };
    (@tag $b:ident > $($rest:tt)*) => { html!(@in $b $($rest)*) };
    (@tag $b:ident {$name:ident} $($rest:tt)*) => { html!(@tag $b $name={$name} $($rest)*) };
    (@tag $b:ident key={$key:expr} $($rest:tt)*) => { $b.key($key.into()); html!(@tag $b $($rest)*) };
    (@tag $b:ident ref={$node:expr} $($rest:tt)*) => { $b.node($node); html!(@tag $b $($rest)*) };
    (@tag $b:ident value={$value:expr} $($rest:tt)*) => { $b.value($value); html!(@tag $b $($rest)*) };
    (@tag $b:ident checked={$checked:expr} $($rest:tt)*) => { $b.checked($checked); html!(@tag $b $($rest)*) };
    (@tag $b:ident onclick={$hear:expr} $($rest:tt)*) => { html!(@hear $b onclick $hear); html!(@tag $b $($rest)*) };
    (@tag $b:ident onchange={$hear:expr} $($rest:tt)*) => { html!(@hear $b onchange $hear); html!(@tag $b $($rest)*) };
    (@tag $b:ident oninput={$hear:expr} $($rest:tt)*) => { html!(@hear $b oninput $hear); html!(@tag $b $($rest)*) };
    (@tag $b:ident onkeydown={$hear:expr} $($rest:tt)*) => { html!(@hear $b onkeydown $hear); html!(@tag $b $($rest)*) };
    (@tag $b:ident onpointerdown={$hear:expr} $($rest:tt)*) => { html!(@hear $b onpointerdown $hear); html!(@tag $b $($rest)*) };
    (@tag $b:ident onpointermove={$hear:expr} $($rest:tt)*) => { html!(@hear $b onpointermove $hear); html!(@tag $b $($rest)*) };
    (@hear $b:ident $event:ident $hear:expr) => { $b.hear(yew::html::$event::Wrapper::__macro_new($hear)); };
    (@tag $b:ident $($name:ident)-+ = $value:literal $($rest:tt)*) => {
        $b.set(html!(@name $($name)+), $value);
        html!(@tag $b $($rest)*)
    };
    (@tag $b:ident $($name:ident)-+ = {$value:expr} $($rest:tt)*) => {
        $b.put(html!(@name $($name)+), $crate::ui::html::Value::from($value));
        html!(@tag $b $($rest)*)
    };
    (@name $name:ident) => { stringify!($name) };
    (@name $first:ident $($name:ident)+) => { concat!(stringify!($first), $("-", stringify!($name)),+) };
    // The whole.
    ($($all:tt)*) => {{
        let mut builder = $crate::ui::html::Builder::new();
        html!(@in builder $($all)*);
        builder.done()
    }};
}

pub(crate) use {classes, html};

/// What an attribute may be set to.
pub(crate) enum Value {
    /// Not there.
    No,
    /// There, with its own name.
    Yes,
    /// A word of the program.
    Word(&'static str),
    /// A text.
    Text(AttrValue),
}

impl From<bool> for Value {
    fn from(there: bool) -> Self {
        if there { Self::Yes } else { Self::No }
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<AttrValue> for Value {
    fn from(text: AttrValue) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::No, T::into)
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

/// An element, or with an empty name a fragment, that is being built.
#[derive(Default)]
struct Open {
    tag: &'static str,
    key: Option<Key>,
    node: NodeRef,
    keys: Vec<&'static str>,
    values: Vec<Option<AttributeOrProperty>>,
    value: Option<String>,
    checked: Option<bool>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<VNode>,
}

/// Builds virtual nodes as the words come: what was opened last is closed first.
#[derive(Default)]
pub(crate) struct Builder {
    /// What is open around the current one.
    around: Vec<Open>,
    current: Open,
}

impl Builder {
    /// Begins with nothing.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Begins an element, or with an empty name a fragment.
    #[inline(never)]
    pub(crate) fn open(&mut self, tag: &'static str) {
        let outer = std::mem::replace(&mut self.current, Open { tag, ..Open::default() });
        self.around.push(outer);
    }

    /// Ends an element by its name.
    pub(crate) fn end(&mut self, tag: &'static str) {
        debug_assert_eq!(tag, self.current.tag, "each element is closed by its name");
        self.close();
    }

    /// Ends what was begun last.
    #[inline(never)]
    pub(crate) fn close(&mut self) {
        let outer = self.around.pop().unwrap_or_default();
        let node = std::mem::replace(&mut self.current, outer).node();
        self.current.children.push(node);
    }

    /// The key among siblings.
    pub(crate) fn key(&mut self, key: Key) {
        self.current.key = Some(key);
    }

    /// The reference that leads to the element.
    pub(crate) fn node(&mut self, node: NodeRef) {
        self.current.node = node;
    }

    /// The value of an input.
    pub(crate) fn value(&mut self, value: String) {
        self.current.value = Some(value);
    }

    /// Whether a box is ticked.
    pub(crate) fn checked(&mut self, checked: bool) {
        self.current.checked = Some(checked);
    }

    /// Who hears of an event.
    #[inline(never)]
    pub(crate) fn hear(&mut self, listener: Option<Rc<dyn Listener>>) {
        self.current.listeners.push(listener);
    }

    /// An attribute that is always the same.
    #[inline(never)]
    pub(crate) fn set(&mut self, key: &'static str, word: &'static str) {
        self.current.keys.push(key);
        self.current.values.push(Some(AttributeOrProperty::Static(word)));
    }

    /// An attribute; an empty text is none.
    #[inline(never)]
    pub(crate) fn put(&mut self, key: &'static str, value: Value) {
        self.current.keys.push(key);
        self.current.values.push(match value {
            Value::No => None,
            Value::Yes => Some(AttributeOrProperty::Static(key)),
            Value::Word(word) => Some(AttributeOrProperty::Static(word)),
            Value::Text(text) if text.is_empty() => None,
            Value::Text(text) => Some(AttributeOrProperty::Attribute(text)),
        });
    }

    /// A text that is always the same.
    #[inline(never)]
    pub(crate) fn word(&mut self, word: &'static str) {
        self.add(VNode::VText(VText::new(AttrValue::Static(word))));
    }

    /// A text.
    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        self.add(VNode::VText(VText::new(AttrValue::Rc(Rc::from(text)))));
    }

    /// A child.
    #[inline(never)]
    pub(crate) fn add(&mut self, child: VNode) {
        self.current.children.push(child);
    }

    /// All that was built.
    #[inline(never)]
    pub(crate) fn done(self) -> VNode {
        self.current.node()
    }
}

impl Open {
    /// The finished node.
    fn node(mut self) -> VNode {
        if self.tag.is_empty() && self.key.is_some() {
            return VList::with_children(self.children, self.key).into();
        }
        let children = match self.children.len() {
            1 => self.children.remove(0),
            _ => VList::from(self.children).into(),
        };
        if self.tag.is_empty() {
            return children;
        }
        let mut tag = VTag::new(self.tag);
        tag.key = self.key;
        tag.node_ref = self.node;
        tag.attributes = Attributes::Dynamic { keys: interned(self.keys), values: self.values.into() };
        if !self.listeners.is_empty() {
            tag.set_listeners(self.listeners.into());
        }
        if let Some(value) = self.value {
            tag.set_value(AttrValue::from(value));
        }
        if let Some(checked) = self.checked {
            tag.set_checked(checked);
        }
        if let Some(place) = tag.children_mut() {
            *place = children;
        }
        tag.into()
    }
}

thread_local! {
    /// The lists of names of attributes seen so far: as many as there are kinds of element in the program.
    static NAMES: RefCell<Vec<&'static [&'static str]>> = const { RefCell::new(Vec::new()) };
}

/// The same list for the same names: Yew compares two elements quickly when they share it.
fn interned(names: Vec<&'static str>) -> &'static [&'static str] {
    NAMES.with_borrow_mut(|lists| match lists.iter().find(|list| **list == names) {
        Some(list) => list,
        None => {
            let list: &'static [_] = names.leak();
            lists.push(list);
            list
        }
    })
}
