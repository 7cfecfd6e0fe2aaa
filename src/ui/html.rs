//! Yew's `html!` in small: the same words make the same virtual nodes, but in calls of a few functions.
//!
//! Yew's own macro writes out the construction of each node in place, which is 12 kB more of the page after gzip. What
//! is known here is what the page uses: elements, fragments, `if` with or without `else`, `for`, text, and no components.
//! Where the same words stand, the same attributes and children come out, in the same places.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Event;
use yew::html::NodeRef;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Attributes, Key, Listener, ListenerKind, VList, VNode, VTag, VText,
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

/// An element, or with an empty name a fragment, that is being built.
#[derive(Default)]
struct Open {
    tag: &'static str,
    key: Option<Key>,
    node: NodeRef,
    names: Vec<&'static str>,
    values: Vec<Option<AttributeOrProperty>>,
    value: Option<String>,
    checked: Option<bool>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<VNode>,
}

/// Builds virtual nodes as the words come: what was opened last is closed first.
#[derive(Default)]
pub(crate) struct Builder {
    /// What is open, the innermost last.
    open: Vec<Open>,
    /// What is known already about the element that comes next.
    next: Open,
    /// Children of no element: what it all comes to.
    whole: Vec<VNode>,
}

impl Builder {
    /// Begins with nothing.
    #[inline(never)]
    pub(crate) fn new() -> Box<Self> {
        Box::default()
    }

    /// Begins an element: its name, then names and values of attributes, a line for each. An empty name is a fragment.
    #[inline(never)]
    pub(crate) fn open(&mut self, same: &'static str) {
        let mut next = std::mem::take(&mut self.next);
        let mut lines = same.split('\n');
        next.tag = lines.next().unwrap_or_default();
        while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
            next.names.push(name);
            next.values.push(Some(AttributeOrProperty::Static(value)));
        }
        self.open.push(next);
    }

    /// Ends an element by its name.
    #[inline(always)]
    pub(crate) fn end(&mut self, tag: &'static str) {
        debug_assert_eq!(
            Some(tag),
            self.open.last().map(|open| open.tag),
            "each element is closed by its name"
        );
        self.close();
    }

    /// Ends what was begun last.
    #[inline(never)]
    pub(crate) fn close(&mut self) {
        if let Some(last) = self.open.pop() {
            self.add(last.node());
        }
    }

    /// The key among siblings of what comes next.
    #[inline(never)]
    pub(crate) fn key(&mut self, key: Key) {
        self.next.key = Some(key);
    }

    /// The reference that leads to it.
    #[inline(never)]
    pub(crate) fn node(&mut self, node: NodeRef) {
        self.next.node = node;
    }

    /// Its value, where it is an input.
    pub(crate) fn value(&mut self, value: String) {
        self.next.value = Some(value);
    }

    /// Whether it is ticked.
    pub(crate) fn checked(&mut self, checked: bool) {
        self.next.checked = Some(checked);
    }

    /// Who hears of an event.
    #[inline(never)]
    pub(crate) fn hear(&mut self, kind: Kind, hear: Hear) {
        self.next.listeners.push(Some(Rc::new(Hearer { kind, hear })));
    }

    /// An attribute that is there or not.
    #[inline(never)]
    pub(crate) fn flag(&mut self, name: &'static str, there: bool) {
        self.next.names.push(name);
        self.next.values.push(there.then_some(AttributeOrProperty::Static(name)));
    }

    /// An attribute that is a text; an empty one is none.
    #[inline(never)]
    pub(crate) fn put(&mut self, name: &'static str, text: &str) {
        let there = !text.is_empty();
        self.next.names.push(name);
        self.next.values.push(there.then(|| AttributeOrProperty::Attribute(AttrValue::Rc(text.into()))));
    }

    /// A text that is always the same.
    #[inline(never)]
    pub(crate) fn word(&mut self, word: &'static str) {
        self.add(VNode::VText(VText::new(AttrValue::Static(word))));
    }

    /// A text.
    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        self.add(VNode::VText(VText::new(AttrValue::Rc(text.into()))));
    }

    /// A child.
    #[inline(never)]
    pub(crate) fn add(&mut self, child: VNode) {
        match self.open.last_mut() {
            Some(open) => open.children.push(child),
            None => self.whole.push(child),
        }
    }

    /// All that was built.
    #[inline(never)]
    pub(crate) fn done(&mut self) -> VNode {
        one(std::mem::take(&mut self.whole))
    }
}

/// One node: the only one, or a fragment of them all.
fn one(mut nodes: Vec<VNode>) -> VNode {
    if nodes.len() == 1 { nodes.remove(0) } else { VList::from(nodes).into() }
}

impl Open {
    /// The finished node.
    fn node(self) -> VNode {
        if self.tag.is_empty() {
            return match self.key {
                Some(_) => VList::with_children(self.children, self.key).into(),
                None => one(self.children),
            };
        }
        let mut tag = VTag::new(self.tag);
        tag.key = self.key;
        tag.node_ref = self.node;
        tag.attributes = Attributes::Dynamic { keys: interned(self.names), values: self.values.into() };
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
            *place = one(self.children);
        }
        tag.into()
    }
}

/// What is done when an event is heard.
pub(crate) type Hear = Rc<dyn Fn(Event)>;

/// A kind of event. A function, because Yew's own type is long to clone.
type Kind = fn() -> ListenerKind;

/// Hears events of a kind.
struct Hearer {
    kind: Kind,
    hear: Hear,
}

impl Listener for Hearer {
    fn kind(&self) -> ListenerKind {
        (self.kind)()
    }

    fn handle(&self, event: Event) {
        (self.hear)(event);
    }

    fn passive(&self) -> bool {
        false
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
