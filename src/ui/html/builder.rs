//! Builds virtual nodes as the words of `html!` come: what was opened last is closed first.

use std::rc::Rc;

use web_sys::Event;
use yew::html::NodeRef;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Key, Listener, ListenerKind, VList, VNode, VTag, VText,
};

use super::attributes::Kind;

/// What is known about the element that comes next, before its name is.
#[derive(Default)]
struct Next {
    key: Option<Key>,
    node: NodeRef,
    names: Vec<&'static str>,
    values: Vec<Option<AttributeOrProperty>>,
    value: Option<String>,
    checked: Option<bool>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
}

/// An element that is being built, or a fragment.
struct Open {
    tag: Option<VTag>,
    key: Option<Key>,
    children: Vec<VNode>,
}

/// What is being built.
#[derive(Default)]
pub(crate) struct Builder {
    /// What is open, the innermost last.
    open: Vec<Open>,
    next: Next,
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
        let open = if same.is_empty() {
            Open { tag: None, key: self.next.key.take(), children: Vec::new() }
        } else {
            let next = std::mem::take(&mut self.next);
            Open { tag: Some(next.tag(Kind::of(same))), key: None, children: Vec::new() }
        };
        self.open.push(open);
    }

    /// Ends an element by its name.
    #[inline(always)]
    pub(crate) fn end(&mut self, tag: &'static str) {
        let open = self.open.last().and_then(|open| open.tag.as_ref());
        debug_assert_eq!(Some(tag), open.map(VTag::tag), "each element is closed by its name");
        self.close();
    }

    /// Ends what was begun last.
    #[inline(never)]
    pub(crate) fn close(&mut self) {
        if let Some(Open { tag, key, children }) = self.open.pop() {
            self.add(match (tag, key) {
                (None, None) => one(children),
                (None, key) => VList::with_children(children, key).into(),
                (Some(mut tag), _) => {
                    if let Some(place) = tag.children_mut() {
                        *place = one(children);
                    }
                    tag.into()
                }
            });
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

    /// What is done when an event of this kind is heard.
    #[inline(never)]
    pub(crate) fn hear(&mut self, kind: EventKind, hear: Hear) {
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

impl Next {
    /// The element, as yet without children.
    fn tag(self, kind: Kind) -> VTag {
        let mut tag = VTag::new(kind.tag);
        tag.key = self.key;
        tag.node_ref = self.node;
        tag.attributes = kind.attributes(&self.names, self.values);
        if !self.listeners.is_empty() {
            tag.set_listeners(self.listeners.into());
        }
        if let Some(value) = self.value {
            tag.set_value(AttrValue::from(value));
        }
        if let Some(checked) = self.checked {
            tag.set_checked(checked);
        }
        tag
    }
}

/// What is done when an event is heard.
pub(crate) type Hear = Rc<dyn Fn(Event)>;

/// A kind of event. A function, because Yew's own type is long to clone.
pub(crate) type EventKind = fn() -> ListenerKind;

/// Hears events of a kind.
struct Hearer {
    kind: EventKind,
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
