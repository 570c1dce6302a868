/** Debian's Chromium, cut off from everything but the server under test. */
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

export const OUTPUT = resolve(import.meta.dirname, '../test-output')

export interface Visit {
  /** Another server than that of the file. */
  at?: string
  language?: 'fr' | 'en'
  scheme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
}

export const WIDE = { width: 1280, height: 720 }
export const NARROW = { width: 390, height: 844 }

/** How long anything a test waits for may take, in milliseconds. */
const PATIENCE = 30_000

/** Gives a file its browser; every visitor is a person of its own, gone after each test. */
export function browser(url: string) {
  let chrome: Browser
  const contexts: BrowserContext[] = []
  const wrong: string[] = []

  beforeAll(async () => {
    await mkdir(OUTPUT, { recursive: true })
    chrome = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // Names other than the server's do not even resolve; intercepting requests instead would
        // switch the browser's cache off, and with it the revalidation of tiles.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ],
    })
  })

  afterAll(() => chrome?.close())

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      const pages = contexts.flatMap((context) => context.pages())
      for (const [i, page] of pages.entries()) {
        const name = task.name.replaceAll(/[^\p{L}\d]+/gu, '-')
        await page.screenshot({ path: join(OUTPUT, 'failed', `${name}-${i + 1}.png`) })
      }
    }
    for (const context of contexts.splice(0)) await context.close()
    expect(wrong.splice(0), 'requests that left this machine, and errors in the page').toEqual([])
  })

  const visit = async ({
    language = 'fr',
    scheme = 'light',
    viewport = WIDE,
    at = url,
  }: Visit = {}) => {
    const context = await chrome.newContext({
      baseURL: at,
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      colorScheme: scheme,
      reducedMotion: 'reduce',
      viewport,
    })
    contexts.push(context)
    context.setDefaultTimeout(PATIENCE)
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      const local = hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:'
      if (!local) wrong.push(`request to ${request.url()}`)
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => wrong.push(`error in the page: ${error.stack ?? error}`))
    return page
  }
  return { visit }
}

/** Keeps a picture of the page for a person to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await settled(page)
  await page.screenshot({ path: join(OUTPUT, `${name}.png`) })
}

/** Waits until all the map was asked to show is on the screen. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => window.arpent !== undefined)
  await page.evaluate(() => window.arpent?.rendered())
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The serious and critical faults axe finds, each as one readable line. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations.map(({ id, impact, help, nodes }) => ({
      impact: impact ?? '',
      line: `${impact} ${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')})`,
    }))
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ line }) => line)
}
