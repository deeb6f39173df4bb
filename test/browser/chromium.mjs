// The browser of walks and of bench/paint.mjs: Debian's Chromium, headless.
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync']
// Headless windows have an address bar too, and its suggestions are pages that each window runs anew: half of the
// processor's time here. The last --disable-features is the one that counts, so those of Playwright that could make a
// difference here stand in it again.
const WITHOUT = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'AvoidUnnecessaryBeforeUnloadCheckSync',
  'BoundaryEventDispatchTracksNodeRemoval', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'MediaRouter',
  'OptimizationHints', 'PaintHolding', 'RenderDocument', 'ThirdPartyStoragePartitioning', 'Translate']

export async function launch(vendor) {
  const { chromium } = await import(pathToFileURL(path.join(vendor, 'playwright-core/index.mjs')))
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...FLAGS, '--disable-features=' + WITHOUT] })
}
