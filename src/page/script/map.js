// The map, drawn of what the page's list says: what a sign tells is its row there.
import './leaflet.js'
import './brush.js'
import { say, make } from './words.js'

const L = window.L, TOGETHER = 40 // pixels within which signs become one
const off = new Set() // layers that are switched off
let view = null, world = null

const at = point => [point.lat_e7 / 1e7, point.lon_e7 / 1e7]
const read = text => (text ? JSON.parse(text) : [])
const still = name => ({ className: name, interactive: false })

function drawn(shape, name) {
  const { radius_m: radius = 0 } = shape
  if (shape.point || shape.cell)
    return radius > 0 ? L.circle(at(shape.point ?? shape.cell), { radius, ...still(shape.cell ? 'doubt' : name) }) : null
  if (shape.bearing) return L.polyline(shape.bearing.map(at), still('way'))
  return shape.line ? L.polyline(shape.line.map(at), still('way')) : L.polygon(shape.polygon.map(at), still(name))
}

function boundsOf(shapes) {
  const bounds = L.latLngBounds([])
  for (const s of shapes) {
    const points = s.polygon ?? s.line ?? s.bearing ?? [s.point ?? s.cell]
    for (const p of points) bounds.extend(s.radius_m ? L.latLng(at(p)).toBounds(2 * s.radius_m) : at(p))
  }
  return bounds
}

function told(row) {
  const cells = row.cells ? [...row.cells] : [row]
  return make('div', {}, ...cells.map(cell => make('p', {}, ...[...cell.childNodes].map(n => n.cloneNode(true)))))
}

class Drawing {
  constructor(holder) {
    const rtl = document.documentElement.dir === 'rtl'
    const { by } = holder.dataset
    const animate = !matchMedia('(prefers-reduced-motion: reduce)').matches
    this.layers = {}
    this.signs = []
    this.labels = []
    this.holder = holder
    this.map = L.map(holder, { zoomControl: false, attributionControl: false, zoomAnimation: animate, inertia: animate,
      fadeAnimation: animate, markerZoomAnimation: animate, trackResize: false, minZoom: 2, maxZoom: 17, zoomSnap: 0.5 })
    L.control.zoom({ position: rtl ? 'topright' : 'topleft', zoomInTitle: say('closer'), zoomOutTitle: say('wider') })
      .addTo(this.map)
    L.control.scale({ position: rtl ? 'topleft' : 'topright', imperial: false }).addTo(this.map)
    L.control.attribution({ position: rtl ? 'bottomleft' : 'bottomright', prefix: false })
      .addAttribution(say('boundaries') + (by ? `. ${make('bdi', {}, by).outerHTML}` : '')).addTo(this.map)
    new ResizeObserver(() => { // whatever made it another size; news may have taken it away
      if (holder.isConnected) this.map.invalidateSize({ animate: false })
    }).observe(holder)
    this.map.createPane('base').style.zIndex = 150
    this.map.on('popupopen', ({ popup }) => {
      holder.dataset.hold = '' // what is read is not taken away by news
      popup.getElement().querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', say('close'))
    })
    this.map.on('popupclose', () => delete holder.dataset.hold)
  }

  layer(name) {
    this.layers[name] ??= L.layerGroup()
    return off.has(name) ? this.layers[name] : this.layers[name].addTo(this.map)
  }

  gather(main) {
    const named = {}
    for (const row of main.querySelectorAll('[data-name], .named [data-place]'))
      named[row.dataset.name ?? row.dataset.place] = read(row.dataset.shapes)
    const all = L.latLngBounds([])
    for (const row of main.querySelectorAll('[data-kind]')) {
      const own = read(row.dataset.shapes), kind = row.dataset.kind
      for (const shape of own) drawn(shape, kind === 'place' || kind === 'area' ? kind : 'doubt')?.addTo(this.layer(kind))
      for (const shape of read(row.dataset.route)) drawn(shape, 'way')?.addTo(this.layer(kind))
      const shapes = own.length ? own : named[row.dataset.place] ?? []
      if (shapes.length === 0) continue
      const bounds = boundsOf(shapes), where = bounds.getCenter()
      if (kind !== 'place') {
        all.extend(where)
        this.signs.push({ row, kind, where })
      } else if (shapes.length === 1) {
        this.labels.push({ bounds, marker: this.name(row.querySelector('a').textContent, where, -16) })
      }
    }
    for (const part of main.querySelectorAll('.distances')) {
      for (const band of part.querySelectorAll('[data-outline]'))
        L.polygon(read(band.dataset.outline).map(at), { ...still('distance'), fillRule: 'nonzero' }).addTo(this.layer('distance'))
      L.polyline(read(part.dataset.line).map(at), still('reference')).addTo(this.layer('distance'))
    }
    return all
  }

  name(text, where, up = 10) {
    return L.marker(where, { interactive: false, keyboard: false, icon: L.divIcon({ className: 'country',
      html: make('span', {}, text), iconSize: [160, 20], iconAnchor: [80, up] }) })
  }

  // Signs that would lie over each other are one, with their number.
  put() {
    const { map } = this, groups = []
    this.put_signs?.remove()
    this.put_signs = L.layerGroup().addTo(map)
    for (const sign of this.signs) {
      if (off.has(sign.kind)) continue
      const point = map.project(sign.where), near = groups.find(group => group.point.distanceTo(point) < TOGETHER)
      if (near) near.push(sign)
      else groups.push(Object.assign([sign], { point }))
    }
    for (const group of groups) {
      const one = group.length === 1, [first] = group
      const title = one ? first.row.querySelector('a').textContent : say('together', group.length)
      const icon = L.divIcon({ className: `sign ${one ? first.kind : 'together'}`, iconSize: one ? [24, 24] : [30, 28],
        html: one ? '' : make('span', {}, String(group.length)) })
      L.marker(first.where, { icon, title, riseOnHover: true }).addTo(this.put_signs)
        .bindPopup(() => make('div', {}, ...group.map(sign => told(sign.row))), { maxHeight: 260, maxWidth: 320 })
    }
    const written = []
    for (const { bounds, marker } of this.labels) {
      const width = map.project(bounds.getNorthEast()).x - map.project(bounds.getSouthWest()).x
      const point = map.project(marker.getLatLng())
      const shown = width > 50 && width < 1600 && !off.has('place') && !written.some(p => p.distanceTo(point) < 90)
      if (shown) written.push(point)
      shown ? marker.addTo(map) : marker.remove()
    }
    for (const [zoom, marker] of this.countries ?? []) {
      const shown = map.getZoom() >= zoom && map.getZoom() < zoom + 4 && !off.has('base')
      shown ? marker.addTo(map) : marker.remove()
    }
  }

  // Around the arrangement's area nothing but land is drawn (world/README.md).
  quiet() {
    const [west, south, east, north] = (this.holder.dataset.around ?? '').split(' ').map(e7 => e7 / 1e7)
    if (north === undefined) return null
    const box = L.latLngBounds([south, west], [north, east]), wide = Math.max(2, 0.2 * (east - west))
    const high = Math.max(2, 0.2 * (north - south))
    return L.latLngBounds([box.getSouth() - high, box.getWest() - wide], [box.getNorth() + high, box.getEast() + wide])
  }

  // Larger than sixteen times a picture shows nothing, and takes a browser's breath.
  tiles() {
    const [minNativeZoom, maxNativeZoom] = this.holder.dataset.tiles.split(' ').map(Number)
    L.tileLayer('/map/tiles/{z}/{x}/{y}', { pane: 'base', minNativeZoom, maxNativeZoom, maxZoom: maxNativeZoom + 4 })
      .addTo(this.layer('base'))
  }

  async ground() {
    if (this.holder.dataset.tiles) return this.tiles()
    world ??= await fetch(this.holder.dataset.world).then(answer => answer.json())
    const { unit } = world, quiet = this.quiet(), base = this.layer('base')
    const line = flat => {
      const out = []
      for (let i = 0, x = 0, y = 0; i < flat.length; i += 2) out.push([(y += flat[i + 1]) / unit, (x += flat[i]) / unit])
      return out
    }
    const how = { pane: 'base', renderer: L.svg({ pane: 'base' }), fillRule: 'evenodd' }
    L.polygon(world.land.map(line), { ...still('land'), ...how }).addTo(base)
    for (const border of world.borders.map(line))
      if (!quiet?.intersects(L.latLngBounds(border))) L.polyline(border, { ...still('border'), ...how }).addTo(base)
    const arabic = document.documentElement.lang === 'ar'
    this.countries = world.names.map(([x, y, zoom, en, ar]) => [zoom, L.latLng(y / unit, x / unit), arabic ? ar : en])
      .filter(([, where]) => !quiet?.contains(where))
      .map(([zoom, where, text]) => [zoom, this.name(text, where)])
    this.put()
  }

  show(main) {
    const all = this.gather(main), quiet = this.quiet()
    if (view) this.map.setView(view.where, view.zoom)
    else if (all.isValid()) this.map.fitBounds(all, { padding: [40, 40], maxZoom: 13 })
    else if (quiet) this.map.fitBounds(quiet)
    else this.map.setView([20, 20], 2)
    this.map.on('zoomend', () => this.put())
    this.map.on('moveend', () => { view = { where: this.map.getCenter(), zoom: this.map.getZoom() } })
    for (const box of main.querySelectorAll('.layers input')) {
      box.checked = !off.has(box.value)
      box.addEventListener('change', () => {
        off[box.checked ? 'delete' : 'add'](box.value)
        const layer = this.layer(box.value)
        if (!box.checked) layer.remove()
        this.put()
      })
    }
    this.put()
    return this.ground()
  }
}

function start() {
  const holder = document.getElementById('map'), part = document.getElementById('map-part')
  if (!holder) return
  part.hidden = false
  const drawing = new Drawing(holder)
  drawing.show(document.querySelector('main')).then(() => { holder.dataset.ready = 'yes' })
  matchMedia('print').addEventListener('change', () => drawing.map.invalidateSize({ animate: false }))
}

document.addEventListener('truce-fresh', start)
start()
