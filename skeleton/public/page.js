/** The element with `id`; the pages' script and markup belong together. */
export const byId = id => document.getElementById(id);

/** Has a screen reader say `message` when it is done with what it says now. */
export function announce(message) {
  byId('status').textContent = message;
}

/** Shows `message` in `element`, or hides it when there is none. */
export function showProblem(element, message) {
  element.textContent = message ?? '';
  element.hidden = !message;
}

export const formatCount = number => number.toLocaleString('en');

/** Tabs by the ARIA pattern: arrow keys, Home and End move between them. */
export function setUpTabs(tablist) {
  const tabs = [...tablist.querySelectorAll('[role=tab]')];
  const select = (tab, { focus = false } = {}) => {
    for (const each of tabs) {
      const isChosen = each === tab;
      each.setAttribute('aria-selected', String(isChosen));
      each.tabIndex = isChosen ? 0 : -1;
      byId(each.getAttribute('aria-controls')).hidden = !isChosen;
    }
    if (focus) tab.focus();
    history.replaceState(null, '', `#${tab.id.replace('tab-', '')}`);
  };
  tablist.addEventListener('keydown', event => {
    const index = tabs.indexOf(document.activeElement);
    const next = {
      ArrowRight: tabs[(index + 1) % tabs.length],
      ArrowLeft: tabs.at(index - 1),
      Home: tabs[0],
      End: tabs.at(-1),
    }[event.key];
    if (!next || index < 0) return;
    event.preventDefault();
    select(next, { focus: true });
  });
  for (const tab of tabs) tab.addEventListener('click', () => select(tab));
  const fromAddress = tabs.find(
    tab => `#${tab.id.replace('tab-', '')}` === location.hash,
  );
  if (fromAddress) select(fromAddress);
}

const THEMES = ['system', 'light', 'dark'];

/** Button that goes round system, light and dark, and remembers the choice. */
export function setUpTheme(button) {
  const apply = theme => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  const stored = () => {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null; // Storage can be forbidden; the page works without it.
    }
  };
  const remember = theme => {
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // See above.
    }
  };
  apply(THEMES.includes(stored()) ? stored() : 'system');
  button.addEventListener('click', () => {
    const index = THEMES.indexOf(document.documentElement.dataset.theme);
    const theme = THEMES[(index + 1) % THEMES.length];
    apply(theme);
    remember(theme);
  });
}
