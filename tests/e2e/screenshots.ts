/**
 * Pictures of every page in light and dark, wide and narrow, below test-results/, and
 * the ones that the documentation shows below docs/images/.
 *
 *   npm run screenshots
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './support/browser';
import { buildAll } from './support/build';
import { createReady, READY_TIMEOUT_MS } from './support/environment';
import {
  createThroughForm,
  credentialsUrl,
  entityUrl,
  fillForm,
  phase,
  signInAs,
} from './support/pages';
import { RESULTS, ROOT } from './support/paths';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { ADA } from './support/users';

const NAME = 'orders-assistant';
const OUT = join(RESULTS, 'screenshots');
const DOCS = join(ROOT, 'docs/images');
const SIZES = {
  wide: { width: 1280, height: 860 },
  narrow: { width: 390, height: 844 },
};

/** Pages of a signed-in user: what to open and what shows that it is complete. */
const PAGES: Array<{
  name: string;
  path: (portal: Portal) => string;
  complete: (page: Page) => Promise<unknown>;
}> = [
  {
    name: 'home',
    path: portal => portal.url,
    complete: page => page.getByRole('link', { name: NAME }).waitFor(),
  },
  {
    name: 'fleet',
    path: portal => `${portal.url}/genai-environments`,
    complete: page => page.getByRole('link', { name: NAME }).first().waitFor(),
  },
  {
    name: 'create',
    path: portal => `${portal.url}/create`,
    complete: page => page.getByText('Create Environment').first().waitFor(),
  },
  {
    name: 'entity',
    path: portal => entityUrl(portal.url, NAME),
    complete: page => phase(page, 'Ready').waitFor(),
  },
  {
    name: 'environment',
    path: portal => `${entityUrl(portal.url, NAME)}/environment`,
    complete: page => page.getByRole('table', { name: 'Services' }).waitFor(),
  },
  {
    name: 'credentials',
    path: portal => credentialsUrl(portal.url, NAME),
    complete: page =>
      page.getByRole('button', { name: 'Copy endpoint' }).waitFor(),
  },
  {
    name: 'activity',
    path: portal => `${entityUrl(portal.url, NAME)}/environment/activity`,
    complete: page => page.getByText('Ready').first().waitFor(),
  },
  {
    name: 'logs',
    path: portal => `${entityUrl(portal.url, NAME)}/environment/logs`,
    complete: page =>
      page
        .getByRole('list', { name: 'Lines, oldest first' })
        .getByRole('listitem')
        .first()
        .waitFor(),
  },
  {
    name: 'catalog',
    path: portal => `${portal.url}/catalog?filters[kind]=resource`,
    complete: page => page.getByRole('link', { name: NAME }).first().waitFor(),
  },
  {
    name: 'not-found',
    path: portal => `${portal.url}/nowhere`,
    complete: page => page.getByText(/page not found/i).waitFor(),
  },
];

async function main() {
  await buildAll();
  for (const directory of [OUT, DOCS])
    mkdirSync(directory, { recursive: true });
  const portal = await Portal.create({ name: 'screenshots' });
  const browser = await launchBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(portal.url);
    await page.getByRole('button', { name: 'Sign in as Ada' }).waitFor();
    await shoot(page, 'sign-in');
    await signInAs(page, portal.url, 'Ada');

    await fillForm(page, NAME, {
      ownServices: true,
      shoot: step => shoot(page, step),
    });
    await shoot(page, 'plan');
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).waitFor();
    await shoot(page, 'review');
    await page.goto(portal.url);
    await createThroughForm(page, NAME);
    await page
      .getByRole('link', { name: 'Open the environment' })
      .waitFor({ timeout: READY_TIMEOUT_MS });
    await shoot(page, 'task');
    await page.setViewportSize(SIZES.narrow);
    await shoot(page, 'task-narrow');
    await page.setViewportSize(SIZES.wide);
    const ada = await Session.signIn(portal, ADA);
    await createReady(ada, 'invoice-reader');

    for (const theme of ['light', 'dark']) {
      await page.evaluate(t => localStorage.setItem('theme', t), theme);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const { name, path, complete } of PAGES) {
          await page.goto(path(portal));
          await complete(page);
          await shoot(page, `${name}-${theme}-${size}`);
          if (theme === 'light' && size === 'wide') await keep(page, name);
        }
      }
    }
    const { status } = await ada.environments.getEnvironment(NAME);
    await page.setViewportSize(SIZES.wide);
    await page.goto(status.outputs.appUrl!);
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await shoot(page, 'app');
    await keep(page, 'app');
  } finally {
    await browser.close();
    await portal.dispose();
  }
}

/** Spinners and fade-ins come to rest before the picture is taken. */
async function shoot(page: Page, name: string) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.screenshot({
    path: join(OUT, `${name}.png`),
    animations: 'disabled',
  });
}

async function keep(page: Page, name: string) {
  if (!['home', 'entity', 'credentials', 'app'].includes(name)) return;
  await page.screenshot({
    path: join(DOCS, `${name}.png`),
    animations: 'disabled',
  });
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
