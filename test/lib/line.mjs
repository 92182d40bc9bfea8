// A line between a browser and the program that can really be cut: what a browser's emulation calls
// offline lets a request that is under way run to its end.
import { connect, createServer } from "node:net";

const quiet = (socket) => socket.on("error", () => {});

/** Listens on a loopback port and carries to the server. `url` takes the place of the server's.
 *  cut()    every connection is torn off, new ones too
 *  stall()  nothing is carried any more and nobody is told; what stands so is dead for ever
 *  mend()   new connections are carried again
 *  deafen(method, path)  the next such request is carried, but the connection is torn off before its answer */
export async function line_to(server) {
    const standing = new Set();
    const dead = new WeakSet();
    let state = "up";
    let deaf = null;
    const listener = createServer({ pauseOnConnect: true }, (near) => {
        quiet(near);
        standing.add(near);
        near.once("close", () => standing.delete(near));
        if (state === "cut") {
            near.resetAndDestroy();
        } else if (state === "up") {
            carry(near);
        }
    });

    function carry(near) {
        const far = quiet(connect(server.port, "127.0.0.1"));
        let unheard = false;
        standing.add(far);
        far.once("close", () => {
            standing.delete(far);
            near.destroy();
        });
        near.once("close", () => far.destroy());
        near.on("data", (bytes) => {
            if (deaf && bytes.toString("latin1").startsWith(deaf)) {
                unheard = true;
                deaf = null;
            }
            if (!far.write(bytes)) {
                near.pause();
                far.once("drain", () => dead.has(near) || near.resume());
            }
        });
        far.on("data", (bytes) => (unheard ? near.resetAndDestroy() : near.write(bytes)));
        near.resume();
    }

    await new Promise((done) => listener.listen(0, "127.0.0.1", done));
    return {
        url: `http://127.0.0.1:${listener.address().port}`,
        cut() {
            state = "cut";
            standing.forEach((socket) => socket.resetAndDestroy());
        },
        stall() {
            state = "stalled";
            standing.forEach((socket) => dead.add(socket.pause()));
        },
        mend() {
            state = "up";
        },
        deafen(method, path) {
            deaf = `${method} ${path}`;
        },
        async close() {
            const closed = new Promise((done) => listener.close(done));
            standing.forEach((socket) => socket.destroy());
            await closed;
        },
    };
}
