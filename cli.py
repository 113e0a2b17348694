import socket,time
open('/proc/self/comm','w').write('client-a')
u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); u.sendto(b'x',('10.61.2.2',5300)); u.recv(10)
c=socket.create_connection(('10.61.2.2',8000)); c.send(b'x'); c.recv(10); c.close(); time.sleep(.1)
