// A program whose traffic is known.

/** Python that sends so many bytes, a letter again and again, over a TCP connection to itself, as a program of a name. */
export const sending = (name: string, port: number, bytes: number, letter = 'x'): string => `
import socket, threading
open('/proc/self/comm', 'w').write('${name}')
s = socket.socket(); s.bind(('127.0.0.1', ${port})); s.listen()
def serve():
    c, _ = s.accept()
    while c.recv(65536): pass
    c.close()
t = threading.Thread(target=serve); t.start()
c = socket.create_connection(('127.0.0.1', ${port}))
for i in range(${bytes} // 1000): c.sendall(b'${letter}' * 1000)
c.close(); t.join()`;
