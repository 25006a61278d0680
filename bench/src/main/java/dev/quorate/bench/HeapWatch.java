package dev.quorate.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The heap of another JVM of this user, as that JVM counts it itself: how far it grows from one moment on. */
final class HeapWatch implements AutoCloseable {
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private final List<MemoryPoolMXBean> pools;
    private long usedBytes;
    private long mostLiveBytes;

    private HeapWatch(JMXConnector connector) throws IOException {
        this.connector = connector;
        MBeanServerConnection connection = connector.getMBeanServerConnection();
        memory = ManagementFactory.getPlatformMXBean(connection, MemoryMXBean.class);
        pools = ManagementFactory.getPlatformMXBeans(connection, MemoryPoolMXBean.class).stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    static HeapWatch on(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return new HeapWatch(
                        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
    }

    /** Collects garbage, and counts from here. */
    void begin() {
        memory.gc();
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
        usedBytes = memory.getHeapMemoryUsage().getUsed();
        mostLiveBytes = usedBytes;
    }

    /** Collects garbage, and looks at what is left. */
    void sample() {
        memory.gc();
        mostLiveBytes = Math.max(mostLiveBytes, memory.getHeapMemoryUsage().getUsed());
    }

    /** How far it grew since, at its highest, with all the garbage in it. */
    long grownBytes() {
        return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() - usedBytes;
    }

    /** How far what is no garbage grew since, by the samples. */
    long liveGrownBytes() {
        return mostLiveBytes - usedBytes;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
