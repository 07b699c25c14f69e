// Writes model/report/templates/outlines.json: coasts and borders of Natural Earth 1:110m (public domain,
// naturalearthdata.com, as the package world-atlas holds them), thinned, in tenths of a degree; and a place for each
// country by its ISO code. Run `npm install && npm run build` here to make it again.
import { readFileSync, writeFileSync } from "node:fs";
import countries from "i18n-iso-countries";
import { feature, mesh } from "topojson-client";

const world = JSON.parse(readFileSync("node_modules/world-atlas/countries-110m.json"));
const south = -60;
const tolerance = 0.35;

// Douglas and Peucker: points nearer than the tolerance to the line between their neighbours are left out.
function thin(line) {
  if (line.length < 3) return line;
  const [[ax, ay], [bx, by]] = [line[0], line.at(-1)];
  const length = Math.hypot(bx - ax, by - ay);
  const away = ([x, y]) =>
    length ? Math.abs((by - ay) * x - (bx - ax) * y + bx * ay - by * ax) / length : Math.hypot(x - ax, y - ay);
  let far = 0;
  for (let n = 1; n < line.length - 1; n += 1) if (away(line[n]) > away(line[far])) far = n;
  if (!far || away(line[far]) <= tolerance) return [line[0], line.at(-1)];
  return [...thin(line.slice(0, far + 1)).slice(0, -1), ...thin(line.slice(far))];
}

// A ring across the date line goes on beyond 180 degrees.
function unwrap(ring) {
  let turn = 0;
  return ring.map(([x, y], n) => {
    if (n) {
      const step = x - ring[n - 1][0];
      if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    }
    return [x + turn, y];
  });
}

const area = (ring) =>
  Math.abs(ring.reduce((sum, [x, y], n) => sum + x * ring[(n + 1) % ring.length][1] - y * ring[(n + 1) % ring.length][0], 0)) / 2;
const tenths = (line) => line.flat().map((degrees) => Math.round(10 * degrees));
const polygons = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

const land = polygons(feature(world, world.objects.land).features[0].geometry)
  .map(([outer]) => unwrap(outer))
  .filter((ring) => ring.some(([, y]) => y > south))
  .map((ring) => {
    const half = Math.floor(ring.length / 2);
    return [...thin(ring.slice(0, half + 1)).slice(0, -1), ...thin(ring.slice(half))];
  })
  .filter((ring) => ring.length > 3 && area(ring) > 1);
const borders = mesh(world, world.objects.countries, (one, other) => one !== other).coordinates.map(thin);

// The middle of the largest part of a country.
const places = {};
for (const { id, geometry } of feature(world, world.objects.countries).features) {
  const code = id && countries.numericToAlpha3(id);
  if (!code) continue;
  const ring = polygons(geometry).map(([outer]) => outer).sort((one, other) => area(other) - area(one))[0];
  let [x, y, weight] = [0, 0, 0];
  for (let n = 0; n < ring.length - 1; n += 1) {
    const [[ax, ay], [bx, by]] = [ring[n], ring[n + 1]];
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
    weight += 3 * cross;
  }
  places[code] = tenths([[x / weight, y / weight]]);
}
// The World Bank's code of the European Union.
places.EUU = [100, 500];
const sorted = Object.fromEntries(Object.entries(places).sort());
const text = JSON.stringify({ land: land.map(tenths), borders: borders.map(tenths), places: sorted });
writeFileSync("../../model/report/templates/outlines.json", `${text}\n`);
console.log(text.length, land.length, borders.length, Object.keys(places).length);
