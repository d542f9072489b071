// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

namespace connection {

// Keeps access tokens, one per backend address, in the operating system's keychain; where there is none, in a file of
// mode 0600 in the program's settings folder, and place() says which. Asynchronous; lives on the GUI thread. A token is
// never logged.
class TokenStore final : public QObject {
    Q_OBJECT

public:
    enum class Place : quint8 { Unknown, Keychain, File };

    // `fileFolder`: where the fallback file stands. `tryKeychain` off: the file at once (headless runs).
    explicit TokenStore(QString fileFolder, bool tryKeychain = true, QObject* parent = nullptr);

    void load(const QString& address);
    void save(const QString& address, const QString& token);
    void remove(const QString& address);
    Place place() const { return m_place; }
    QString filePath() const;

signals:
    void loaded(const QString& address, const QString& token); // empty = none kept
    void saved(const QString& address, connection::TokenStore::Place place);
    void failed(const QString& address, const QString& detail);

private:
    void loadFromFile(const QString& address);
    void saveToFile(const QString& address, const QString& token);

    QString m_fileFolder;
    bool m_tryKeychain;
    Place m_place = Place::Unknown;
};

} // namespace connection
