// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

// What a command of clickroomd left.
struct CommandResult {
    int status = -1;
    QByteArray out, err;

    QJsonObject json() const;
};

// A real clickroomd on a data folder of its own; it may be killed and started again on the same ports.
class BackendProcess {
public:
    BackendProcess();
    ~BackendProcess();

    QString folder() const { return m_folder.path() + "/data"; }
    QByteArray token() const; // the admin's

    // Runs a command on the folder to its end.
    CommandResult command(QStringList arguments, const QByteArray& input = {}) const;

    // Starts `serve` and waits for its line; false, with error(), where it ends or stays silent.
    bool start(const QStringList& more = {});
    void kill();                  // SIGKILL
    bool terminate(int withinMs); // SIGTERM; true: ended with 0 within that time
    bool running() const { return m_process && m_process->state() == QProcess::Running; }
    qint64 processId() const { return m_process ? m_process->processId() : 0; }
    QString error() const { return m_error; }

    quint16 redirectPort() const { return m_redirect; }
    quint16 apiPort() const { return m_api; }
    quint16 streamPort() const { return m_stream; }
    QString streamUrl() const { return QStringLiteral("ws://127.0.0.1:%1/v1/stream").arg(m_stream); }

    // GET of the API with the admin's token, to its end.
    QByteArray get(const QString& path, const QByteArray& accept = "application/json", int* status = nullptr) const;
    CommandResult request(const QByteArray& method, const QString& path, const QByteArray& token,
                          const QByteArray& body = {}) const;
    // GET of a link, on a connection of its own; the answer with its head.
    QByteArray click(const QByteArray& path, const QByteArray& headers = {}, const QByteArray& method = "GET",
                     const QByteArray& host = "localhost") const;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_process;
    quint16 m_redirect = 0, m_api = 0, m_stream = 0;
    QString m_error;
};
