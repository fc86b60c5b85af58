// Runs in the browser: one page for the three links that carry a token.
const password = {
  name: 'password',
  label: 'Password (at least 8 characters)',
  type: 'password',
  autocomplete: 'new-password',
};
const pages = {
  '/setup': {
    title: 'Make the first administrator',
    action: 'Create administrator',
    procedure: 'auth.setup',
    fields: [
      { name: 'name', label: 'Name', type: 'text', autocomplete: 'name' },
      { name: 'username', label: 'Username', type: 'text', autocomplete: 'username' },
      { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' },
      password,
    ],
    done: 'The administrator account is ready, and you are signed in.',
  },
  '/verify': {
    title: 'Confirm your e-mail address',
    action: 'Confirm',
    procedure: 'auth.verifyEmail',
    fields: [],
    done: 'Your e-mail address is confirmed.',
  },
  '/reset': {
    title: 'Choose a new password',
    action: 'Set password',
    procedure: 'auth.resetPassword',
    fields: [password],
    done: 'Your password is changed. Sign in with it.',
  },
};

const page = pages[location.pathname];
const token = location.hash.slice(1);
// The token leaves the address bar and the history at once.
history.replaceState(null, '', location.pathname);

const element = (id) => document.getElementById(id);
element('title').textContent = page.title;
element('submit').textContent = page.action;
document.title = `${page.title} · Tessera`;

for (const field of page.fields) {
  const label = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, {
    name: field.name,
    type: field.type,
    autocomplete: field.autocomplete,
    required: true,
  });
  label.append(field.label, input);
  element('fields').append(label);
}

function say(text, isError) {
  element('result').textContent = text;
  element('result').className = isError ? 'error' : '';
}

if (token) element('form').hidden = false;
else say('This link is incomplete. Open it again, whole, from where you got it.', true);

element('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  element('submit').disabled = true;
  const input = { token, ...Object.fromEntries(new FormData(event.target)) };
  try {
    const response = await fetch(`/trpc/${page.procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json: input }),
    });
    const { error } = await response.json();
    if (error) {
      const { message, data } = error.json;
      const fields = Object.entries(data.fields ?? {}).map(([name, text]) => `${name}: ${text}`);
      say(fields.length > 0 ? fields.join(' ') : `${message} ${data.remedy}`, true);
    } else {
      element('form').hidden = true;
      say(page.done, false);
    }
  } catch {
    say('The server does not answer. Try again in a moment.', true);
  }
  element('submit').disabled = false;
});
