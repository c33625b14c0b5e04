import { setUpChat } from './chat.js';
import { byId, setUpTabs, setUpTheme, showProblem } from './page.js';
import { setUpSummary } from './summary.js';

setUpTheme(byId('theme'));
setUpTabs(document.querySelector('[role=tablist]'));

try {
  const response = await fetch('api/info');
  if (!response.ok) throw new Error(`status ${response.status}`);
  const info = await response.json();
  byId('environment').textContent = info.environmentName;
  document.title = `Chat and summary · ${info.environmentName}`;
  byId('model').textContent = info.textModel
    ? `Answers come from ${info.textModel}`
    : 'No text model';
  if (info.textModel) {
    setUpChat(info);
    setUpSummary(info);
  } else {
    disableForms(
      'This environment has no text model. Ask its owner to add one in the portal, then load this page again.',
    );
  }
} catch {
  byId('model').textContent = 'Not connected';
  disableForms(
    'The app cannot be reached. Check that the environment runs, then load this page again.',
  );
}

function disableForms(message) {
  showProblem(byId('page-error'), message);
  document
    .querySelectorAll('main textarea, main button, main input')
    .forEach(field => {
      field.disabled = true;
    });
}
