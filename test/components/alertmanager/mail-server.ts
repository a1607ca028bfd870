import { createServer, type Server } from "node:net";

/** What a mail server hears. */
interface Listeners {
  /** A mail, with headers and parts. */
  readonly onMail: (text: string) => void;
  /** The user and the password that the client sent before a mail. Default: clients that have none. */
  readonly onLogin?: (user: string, password: string) => void;
}

/** As much of SMTP as one client needs that sends one mail after the other. */
export async function startMailServer({ onMail, onLogin }: Listeners): Promise<Server> {
  const server = createServer((socket) => {
    let text = "";
    let isData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const line = (command: string) => {
      if (/^(EHLO|HELO)/i.test(command))
        say(onLogin === undefined ? "250 localhost" : "250-localhost\r\n250 AUTH PLAIN");
      else if (/^AUTH PLAIN /i.test(command)) {
        const [, user = "", password = ""] = Buffer.from(command.slice(11), "base64").toString().split("\0");
        onLogin?.(user, password);
        say("235 welcome");
      } else if (/^DATA/i.test(command)) {
        isData = true;
        say("354 go on");
      } else if (/^QUIT/i.test(command)) socket.end("221 bye\r\n");
      else say("250 ok");
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (;;) {
        const end = isData ? "\r\n.\r\n" : "\r\n";
        const at = text.indexOf(end);
        if (at === -1) return;
        const part = text.slice(0, at);
        text = text.slice(at + end.length);
        if (!isData) line(part);
        else {
          onMail(part);
          isData = false;
          say("250 taken");
        }
      }
    });
    socket.on("error", () => socket.destroy());
    say("220 localhost");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return server;
}
