/**
 * What owners do with a running environment on its page: read its logs, restart it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './support/browser';
import { buildAll } from './support/build';
import { createReady, READY_TIMEOUT_MS } from './support/environment';
import { entityUrl, signInAs, watchForErrors } from './support/pages';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

const NAME = 'operated-bot';

describe('the page of a running environment', () => {
  let portal: Portal;
  let ada: Session;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  let errors: string[];

  before(async () => {
    await buildAll();
    portal = await Portal.create({ name: 'operations' });
    ada = await Session.signIn(portal, ADA);
    await createReady(ada, NAME);
    browser = await launchBrowser();
    page = await browser.context.newPage();
    errors = watchForErrors(page);
    await signInAs(page, portal.url, 'Ada');
  });

  after(async () => {
    await browser?.close();
    await portal?.dispose();
  });

  const open = (tab = '') =>
    page.goto(`${entityUrl(portal.url, NAME)}/environment${tab}`);

  it('shows the line of a call while it is followed', async () => {
    await open('/logs');
    const lines = page.getByRole('list', { name: 'Lines, oldest first' });
    await lines.getByRole('listitem').first().waitFor();

    const { status } = await ada.environments.getEnvironment(NAME);
    await fetch(new URL('no-such-page', status.outputs.appUrl));

    await page.getByRole('searchbox', { name: 'Find' }).fill('no-such-page');
    await lines.getByText('request').first().waitFor();
    const count = page.getByRole('status', { name: 'Lines shown' });
    assert.match(await count.innerText(), /^\d+ of \d+ lines$/);
    assert.deepEqual(errors, []);
  });

  it('restarts what runs', async () => {
    const startedAt = async () => {
      const { items } = await ada.environments.listServices(NAME);
      return items.find(({ name }) => name === 'model-invocation')?.startedAt;
    };
    const startedBefore = await startedAt();
    assert.ok(startedBefore);

    await open();
    await page
      .getByRole('button', { name: 'Actions for Model invocation' })
      .click();
    await page.getByRole('menuitem', { name: 'Restart' }).click();
    await page
      .getByRole('dialog', { name: 'Restart Model invocation' })
      .getByRole('button', { name: 'Restart' })
      .click();
    await page.getByRole('status', { name: 'Phase: Updating' }).waitFor();
    await page
      .getByRole('status', { name: 'Phase: Ready' })
      .waitFor({ timeout: READY_TIMEOUT_MS });
    await waitFor({
      what: 'a newer time of start',
      timeoutMs: READY_TIMEOUT_MS,
      ask: async () => ((await startedAt()) ?? '') > startedBefore,
    });
    assert.deepEqual(errors, []);
  });
});
