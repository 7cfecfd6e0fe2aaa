// Makes model/src/catalog/land.rs: which dots of the map are land.
//
//   npm install --no-save world-atlas@2.0.2 topojson-client@3.1.0
//   node assets/make-land.mjs > model/src/catalog/land.rs
//
// The shapes are Natural Earth's land at 1:110 million (public domain), packaged by world-atlas.
// The numbers below are those of model/src/catalog/map.rs.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { feature } = require("topojson-client");
const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/land-110m.json"), "utf8"));

const COLUMNS = 128;
const ROWS = 60;
const WEST = -169;
const NORTH = 78;
const SOUTH = -57;
const SAMPLES = 6; // along each side of a cell
const ENOUGH = 0.45; // share of the samples that must be land

const land = feature(atlas, atlas.objects.land);
const polygons = (land.features ?? [land]).flatMap(({ geometry }) =>
  geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates],
);
const rings = polygons.flat();

function isLand(lon, lat) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

function share(column, row) {
  let hits = 0;
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      const east = WEST + ((column + (i + 0.5) / SAMPLES) * 360) / COLUMNS;
      const lat = NORTH - ((row + (j + 0.5) / SAMPLES) * (NORTH - SOUTH)) / ROWS;
      if (isLand(east > 180 ? east - 360 : east, lat)) hits++;
    }
  }
  return hits / SAMPLES ** 2;
}

const rows = [];
for (let row = 0; row < ROWS; row++) {
  let bits = 0n;
  for (let column = 0; column < COLUMNS; column++) {
    if (share(column, row) >= ENOUGH) bits |= 1n << BigInt(COLUMNS - 1 - column);
  }
  rows.push(`    0x${bits.toString(16).padStart(32, "0")},`);
}

console.log(`//! The land of the map as one bit for each dot: made by \`assets/make-land.mjs\`, not by hand.
//!
//! Source: Natural Earth, land at 1:110 million (public domain), from the npm package world-atlas 2.0.2.

/// A row of dots for each entry, the northernmost first; the highest bit is the westernmost dot.
pub(super) const LAND: [u128; ${ROWS}] = [
${rows.join("\n")}
];`);
