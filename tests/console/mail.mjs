// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// A message to the relay of the site, as from a stranger.
import net from 'node:net';

const STRANGER = '198.51.100.7';

// The lines of one reply of the server; more than one if a hyphen follows the code.
async function* replies(socket) {
  let text = '';
  for await (const piece of socket) {
    text += piece;
    for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 2);
      if (line[3] !== '-') yield line;
    }
  }
}

// Resolves when the relay has taken the message; `from` is the body of its From field.
export async function sendMail(port, from) {
  const socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
  const answers = replies(socket);
  const say = async (line) => {
    if (line !== null) socket.write(line + '\r\n');
    const { value = 'the relay has hung up' } = await answers.next();
    if (!/^[23]/.test(value)) throw new Error(`${line}: ${value}`);
  };
  const id = `<${process.pid}.${Date.now()}@freemail.example>`;
  const message = [`From: ${from}`, 'To: reception@contoso.com', 'Subject: Quarterly figures', `Message-ID: ${id}`, '', 'Please call me back.', '.'];
  await say(null);
  for (const line of [
    'EHLO client.example',
    `XCLIENT ADDR=${STRANGER} NAME=mail.freemail.example`,
    'EHLO mail.freemail.example',
    'MAIL FROM:<billing@freemail.example>',
    'RCPT TO:<reception@contoso.com>',
    'DATA',
    message.join('\r\n'),
    'QUIT',
  ]) {
    await say(line);
  }
  socket.end();
}
