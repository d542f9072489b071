// SPDX-License-Identifier: GPL-3.0-or-later
// What the thread sanitizer cannot see of Qt, whose libraries are not compiled with it: the locks that order an event's
// posting before its delivery, quit() before the thread's end, and that before the return of wait(). Told here, and
// only for that, so that races of our own code stay visible: what a signal's sender (a call's receiver) did before is
// over for the one who handles the event, or destroys it. Linked into every program of the preset tsan; it stands
// before Qt's functions and calls them.
#include <QMutexLocker>
#include <QThread>
#include <QtCore/private/qhooks_p.h>
#include <QtCore/private/qobject_p.h>
#include <QtCore/private/qthread_p.h>

#include <sanitizer/tsan_interface.h>

#include <dlfcn.h>

namespace {

template <typename Function> Function qtOwn(const char* symbol)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol));
}

void published(const QObject* object)
{
    __tsan_release(const_cast<QObject*>(object));
}

void seen(const QObject* object)
{
    __tsan_acquire(const_cast<QObject*>(object));
}

void seenSender(const QEvent* event)
{
    if (event->type() == QEvent::MetaCall) {
        if (const QObject* sender = static_cast<const QAbstractMetaCallEvent*>(event)->sender())
            seen(sender);
    }
}

// Qt calls it in the receiver's thread before it delivers an event: { receiver, event, result }.
bool beforeDelivery(void** data)
{
    seen(static_cast<const QObject*>(data[0]));
    seen(QThread::currentThread()); // quit()
    seenSender(static_cast<const QEvent*>(data[1]));
    return false; // not filtered out
}

// Qt calls it for an object that is being destroyed. Events that wait for it will be destroyed with it, undelivered.
void atDestruction(QObject* object)
{
    if (QObjectPrivate::get(object)->postedEvents.loadRelaxed() > 0) {
        seen(object);
        auto& waiting = QObjectPrivate::get(object)->threadData.loadRelaxed()->postEventList;
        const QMutexLocker locked(&waiting.mutex);
        for (const QPostEvent& posted : waiting)
            if (posted.receiver == object && posted.event != nullptr)
                seenSender(posted.event);
    }
    // The last that a thread's objects do: they are destroyed on it while it ends.
    if (const QThread* thread = QThread::currentThread())
        published(thread);
}

// A call that its caller waits for.
class AwaitedCall final : public QtPrivate::QSlotObjectBase {
public:
    explicit AwaitedCall(QtPrivate::QSlotObjectBase* call) : QSlotObjectBase(&AwaitedCall::carryOut), m_call(call) {}

private:
    static void carryOut(int what, QSlotObjectBase* self, QObject* receiver, void** arguments, bool*)
    {
        auto* awaited = static_cast<AwaitedCall*>(self);
        if (what == Call) {
            awaited->m_call->call(receiver, arguments);
            published(receiver);
        } else if (what == Destroy) {
            delete awaited;
        }
    }

    QtPrivate::SlotObjUniquePtr m_call;
};

[[maybe_unused]] const bool installed = [] {
    qtHookData[QHooks::RemoveQObject] = reinterpret_cast<quintptr>(&atDestruction);
    return QInternal::registerCallback(QInternal::EventNotifyCallback, &beforeDelivery);
}();

} // namespace

void QMetaObject::activate(QObject* sender, int signal, void** arguments)
{
    static const auto own = qtOwn<void (*)(QObject*, int, void**)>("_ZN11QMetaObject8activateEP7QObjectiPPv");
    published(sender);
    own(sender, signal, arguments);
}

void QMetaObject::activate(QObject* sender, int offset, int signal, void** arguments)
{
    static const auto own = qtOwn<void (*)(QObject*, int, int, void**)>("_ZN11QMetaObject8activateEP7QObjectiiPPv");
    published(sender);
    own(sender, offset, signal, arguments);
}

void QMetaObject::activate(QObject* sender, const QMetaObject* type, int signal, void** arguments)
{
    static const auto own =
        qtOwn<void (*)(QObject*, const QMetaObject*, int, void**)>("_ZN11QMetaObject8activateEP7QObjectPKS_iPPv");
    published(sender);
    own(sender, type, signal, arguments);
}

bool QMetaObject::invokeMethodImpl(QObject* receiver, QtPrivate::QSlotObjectBase* call, Qt::ConnectionType type,
                                   qsizetype count, const void* const* arguments, const char* const* names,
                                   const QtPrivate::QMetaTypeInterface* const* types)
{
    using Own = bool (*)(QObject*, QtPrivate::QSlotObjectBase*, Qt::ConnectionType, qsizetype, const void* const*,
                         const char* const*, const QtPrivate::QMetaTypeInterface* const*);
    static const auto own =
        qtOwn<Own>("_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionType"
                   "ExPKPKvPKPKcPKPKNS2_18QMetaTypeInterfaceE");
    const bool awaited = type == Qt::BlockingQueuedConnection;
    if (awaited)
        call = new AwaitedCall(call);
    published(receiver);
    const bool done = own(receiver, call, type, count, arguments, names, types);
    if (awaited)
        seen(receiver);
    return done;
}

void QThread::quit()
{
    static const auto own = qtOwn<void (*)(QThread*)>("_ZN7QThread4quitEv");
    published(this);
    own(this);
}

bool QThread::wait(QDeadlineTimer deadline)
{
    static const auto own = qtOwn<bool (*)(QThread*, QDeadlineTimer)>("_ZN7QThread4waitE14QDeadlineTimer");
    const bool ended = own(this, deadline);
    if (ended)
        seen(this);
    return ended;
}
