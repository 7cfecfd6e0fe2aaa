//! RR-4, the yardstick of event cores, on our own queue and loop. See the README for what is compared.
//!
//! Three client sites, a round-robin balancer, four servers; 4.3 events a request. The workload brings its own
//! generator (sfc32), so that every engine walks the same path and the published counts come out exactly.

use faultline::kernel::queue::EventQueue;
use std::collections::VecDeque;

const SITES: usize = 3;
const SERVERS: usize = 4;
const FIXED_S: [f64; SITES] = [0.010, 0.040, 0.080];
const JITTER_S: f64 = 0.005;
const IDLE: u32 = u32::MAX;

/// Chris Doty-Humphrey's sfc32.
#[derive(Clone, Debug)]
struct Sfc32 {
    a: u32,
    b: u32,
    c: u32,
    counter: u32,
}

impl Sfc32 {
    fn new(seed: u32, stream: u32) -> Self {
        let mut random = Self { a: seed, b: stream, c: 0, counter: 1 };
        for _ in 0..15 {
            random.next();
        }
        random
    }

    #[inline]
    fn next(&mut self) -> u32 {
        let out = self.a.wrapping_add(self.b).wrapping_add(self.counter);
        self.counter = self.counter.wrapping_add(1);
        self.a = self.b ^ (self.b >> 9);
        self.b = self.c.wrapping_add(self.c << 3);
        self.c = self.c.rotate_left(21).wrapping_add(out);
        out
    }

    #[inline]
    fn uniform(&mut self) -> f64 {
        (f64::from(self.next()) + 0.5) / 4_294_967_296.0
    }

    #[inline]
    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.uniform())
    }
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Generate(u32),
    Arrive(u32),
    Finish(u32),
    Respond(u32),
    Replicate,
    Check(u32),
}

#[derive(Clone, Copy, Debug)]
struct Request {
    sent: u64,
    at_balancer: u64,
    site: u32,
}

#[derive(Clone, Debug)]
struct Server {
    service: Sfc32,
    network: Sfc32,
    queue: VecDeque<u32>,
    serving: u32,
}

/// The workload at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Rr4 {
    queue: EventQueue<Event>,
    now: u64,
    requests: Vec<Request>,
    free: Vec<u32>,
    clients: Vec<Sfc32>,
    servers: Vec<Server>,
    turn: usize,
    gap_s: f64,
    service_s: f64,
    /// Events handled.
    pub(crate) events: u64,
    /// Responses that have arrived.
    pub(crate) completed: u64,
    /// Replication messages that have arrived.
    pub(crate) replicated: u64,
    /// Health checks.
    pub(crate) checks: u64,
    served: u64,
    at_servers_ns: u64,
    end_to_end_ns: u64,
    check_sum: u64,
}

impl Rr4 {
    /// The workload at its start; at scale 1, 3,200 requests per second.
    pub(crate) fn new(seed: u32, scale: f64) -> Self {
        let server = |index| Server {
            service: Sfc32::new(seed, 100 + index),
            network: Sfc32::new(seed, 200 + index),
            queue: VecDeque::new(),
            serving: IDLE,
        };
        let mut run = Self {
            queue: EventQueue::default(),
            now: 0,
            requests: Vec::new(),
            free: Vec::new(),
            clients: (0..SITES as u32).map(|site| Sfc32::new(seed, site)).collect(),
            servers: (0..SERVERS as u32).map(server).collect(),
            turn: 0,
            gap_s: SITES as f64 / (3200.0 * scale),
            service_s: 1.0 / (1000.0 * scale),
            events: 0,
            completed: 0,
            replicated: 0,
            checks: 0,
            served: 0,
            at_servers_ns: 0,
            end_to_end_ns: 0,
            check_sum: 0,
        };
        for site in 0..SITES {
            let gap = run.clients[site].exponential(run.gap_s);
            run.after(gap, Event::Generate(site as u32));
        }
        for server in 0..SERVERS as u32 {
            run.after(1.0, Event::Check(server));
        }
        run
    }

    #[inline]
    fn after(&mut self, seconds: f64, event: Event) {
        self.queue.push(self.now + (seconds * 1e9) as u64, event);
    }

    /// Goes on until this many responses have arrived.
    pub(crate) fn run_until_completed(&mut self, count: u64) {
        while self.completed < count {
            let Some((at, event)) = self.queue.pop() else { return };
            self.now = at;
            self.events += 1;
            self.handle(event);
        }
    }

    #[inline]
    fn handle(&mut self, event: Event) {
        match event {
            Event::Generate(site) => self.generate(site),
            Event::Arrive(request) => {
                self.requests[request as usize].at_balancer = self.now;
                let server = self.turn;
                self.turn = (server + 1) % SERVERS;
                if self.servers[server].serving == IDLE {
                    self.start(server, request);
                } else {
                    self.servers[server].queue.push_back(request);
                }
            }
            Event::Finish(server) => self.finish(server as usize),
            Event::Respond(request) => {
                self.completed += 1;
                self.end_to_end_ns += self.now - self.requests[request as usize].sent;
                self.free.push(request);
            }
            Event::Replicate => self.replicated += 1,
            Event::Check(index) => {
                let server = &self.servers[index as usize];
                self.checks += 1;
                self.check_sum += server.queue.len() as u64 + u64::from(server.serving != IDLE);
                self.after(1.0, Event::Check(index));
            }
        }
    }

    #[inline]
    fn generate(&mut self, site: u32) {
        let client = &mut self.clients[site as usize];
        let gap = client.exponential(self.gap_s);
        let delay = FIXED_S[site as usize] + client.exponential(JITTER_S);
        self.after(gap, Event::Generate(site));
        let request = Request { sent: self.now, at_balancer: self.now, site };
        let slot = if let Some(slot) = self.free.pop() {
            self.requests[slot as usize] = request;
            slot
        } else {
            self.requests.push(request);
            self.requests.len() as u32 - 1
        };
        self.after(delay, Event::Arrive(slot));
    }

    #[inline]
    fn start(&mut self, server: usize, request: u32) {
        let span = self.servers[server].service.exponential(self.service_s);
        self.servers[server].serving = request;
        self.after(span, Event::Finish(server as u32));
    }

    #[inline]
    fn finish(&mut self, server: usize) {
        let slot = self.servers[server].serving;
        let request = self.requests[slot as usize];
        self.served += 1;
        self.at_servers_ns += self.now - request.at_balancer;
        let network = &mut self.servers[server].network;
        let back = FIXED_S[request.site as usize] + network.exponential(JITTER_S);
        let coin = network.uniform() < 0.3;
        let copy = if coin { 0.060 + network.exponential(JITTER_S) } else { 0.0 };
        self.after(back, Event::Respond(slot));
        if coin {
            self.after(copy, Event::Replicate);
        }
        match self.servers[server].queue.pop_front() {
            Some(next) => self.start(server, next),
            None => self.servers[server].serving = IDLE,
        }
    }

    /// Mean time at a server in milliseconds.
    pub(crate) fn mean_at_server_ms(&self) -> f64 {
        self.at_servers_ns as f64 / self.served as f64 / 1e6
    }

    /// Mean time from a client's request to its response in milliseconds.
    pub(crate) fn mean_end_to_end_ms(&self) -> f64 {
        self.end_to_end_ns as f64 / self.completed as f64 / 1e6
    }
}
