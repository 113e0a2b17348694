import socket,threading,sys
open('/proc/self/comm','w').write(sys.argv[1])
u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); u.bind(('',5300))
s=socket.create_server(('',8000))
def udp():
    while 1:
        d,a=u.recvfrom(100); u.sendto(d,a)
threading.Thread(target=udp,daemon=True).start()
while 1:
    c,_=s.accept(); c.send(c.recv(100)); c.close()
